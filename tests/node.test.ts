import 'reflect-metadata'
import { spawn } from 'node:child_process'
import { cpSync, existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { request as httpsRequest } from 'node:https'
import { connect } from 'node:net'
import { join } from 'node:path'
import * as x509 from '@peculiar/x509'
import BetterSqlite3 from 'better-sqlite3'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort, type Run, ready, runGateway, temporaryFolder } from './support/process.ts'

let folder: string
let remove: () => void
const children: Run[] = []
beforeEach(() => {
  ;({ path: folder, remove } = temporaryFolder())
})
afterEach(() => {
  for (const { child } of children.splice(0)) child.kill('SIGKILL')
  remove()
})

function run(env: Record<string, string>): Run {
  const gateway = runGateway({ DATA_DIR: folder, ...env })
  children.push(gateway)
  return gateway
}

describe('npm start', { timeout: 30_000 }, () => {
  it('serves, says where, and starts again on what it left', async () => {
    const port = await freePort()
    for (let start = 0; start < 2; start += 1) {
      const gateway = await ready(run({ PORT: String(port) }))
      expect(gateway.output()).toContain(`listening on http://localhost:${port}`)
      const answers = await fetch(`http://127.0.0.1:${port}/readyz`)
      expect(await answers.json()).toEqual({ status: 'ready' })
      gateway.child.kill('SIGTERM')
      expect(await gateway.ended).toBe(0)
    }
    expect(statSync(join(folder, 'gerbang.sqlite')).mode & 0o077, 'for the operator alone').toBe(0)
    // A closed database leaves no write-ahead log behind.
    expect(existsSync(join(folder, 'gerbang.sqlite-wal'))).toBe(false)
  })

  it('finishes what is in flight when told to stop', async () => {
    const port = await freePort()
    const gateway = await ready(run({ PORT: String(port) }))
    const body = JSON.stringify({ issuer: 'vn' })
    const socket = connect(port, '127.0.0.1')
    let answer = ''
    socket.on('data', (text) => (answer += text))
    socket.write(
      `POST /sandbox/offers HTTP/1.1\r\nhost: localhost:${port}\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body.slice(0, 5)}`,
    )
    await new Promise((resolve) => setTimeout(resolve, 200))
    gateway.child.kill('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 200))
    socket.write(body.slice(5))
    expect(await gateway.ended).toBe(0)
    expect(answer).toMatch(/^HTTP\/1.1 400 /)
  })

  it('ends what lasts when told to stop: an event stream, and connections kept alive', async () => {
    const port = await freePort()
    const gateway = await ready(run({ PORT: String(port) }))
    const origin = `http://localhost:${port}`
    const parties = await (await fetch(`${origin}/sandbox/relying-parties`)).json()
    const { api_key } = parties.relying_parties.find(({ id }: { id: string }) => id === 'bank-sg')
    const headers = { authorization: `Bearer ${api_key}`, 'content-type': 'application/json' }
    const started = await fetch(`${origin}/v1/presentations`, {
      method: 'POST',
      headers,
      body: JSON.stringify({ purpose: 'bank-kyc', ask: ['name'] }),
    })
    const { id } = await started.json()
    const events = await fetch(`${origin}/v1/presentations/${id}/events`, { headers })
    const stopped = performance.now()
    gateway.child.kill('SIGTERM')
    expect(await events.text()).toContain('"status":"requested"')
    expect(await gateway.ended).toBe(0)
    // Well before those who take too long would be cut off.
    expect(performance.now() - stopped).toBeLessThan(8000)
    expect(gateway.output()).not.toContain('Error')
  })

  it('serves https with the given certificate', async () => {
    const port = await freePort()
    const { cert, key } = await selfSigned()
    writeFileSync(join(folder, 'cert.pem'), cert)
    writeFileSync(join(folder, 'key.pem'), key)
    const gateway = await ready(
      run({
        PORT: String(port),
        TLS_CERT_FILE: join(folder, 'cert.pem'),
        TLS_KEY_FILE: join(folder, 'key.pem'),
      }),
    )
    expect(gateway.output()).toContain(`listening on https://localhost:${port}`)
    const status = await new Promise((resolve, reject) =>
      httpsRequest({ port, host: 'localhost', path: '/healthz', ca: cert }, (response) =>
        resolve(response.statusCode),
      )
        .on('error', reject)
        .end(),
    )
    expect(status).toBe(200)
  })
})

describe('what keeps a gateway from starting is one clear line, and exit code 1', {
  timeout: 30_000,
}, () => {
  async function fails(env: Record<string, string>): Promise<string[]> {
    const gateway = run(env)
    expect(await gateway.ended).toBe(1)
    return gateway.output().trim().split('\n')
  }

  /** A data folder that a sandbox began and left in order, of which each test may spoil a copy. */
  const begun = temporaryFolder()
  let port: string
  beforeAll(async () => {
    port = String(await freePort())
    const gateway = await ready(runGateway({ DATA_DIR: begun.path, PORT: port }))
    gateway.child.kill('SIGTERM')
    await gateway.ended
  })
  afterAll(begun.remove)
  const copyBegun = () => cpSync(begun.path, folder, { recursive: true })

  it('a taken port', async () => {
    await ready(run({ PORT: port }))
    const lines = await fails({ PORT: port, DATA_DIR: join(folder, 'other') })
    expect(lines).toEqual([`gerbang cannot start: PORT: ${port} is taken; set PORT to a free one`])
  })

  it('a corrupt database', async () => {
    writeFileSync(join(folder, 'gerbang.sqlite'), 'this is no database'.repeat(500))
    expect(await fails({})).toEqual([expect.stringMatching(/DATA_DIR: .*not a database/)])
  })

  it('a database of a newer gerbang', async () => {
    const client = new BetterSqlite3(join(folder, 'gerbang.sqlite'))
    client.exec('CREATE TABLE d1_migrations (id INTEGER PRIMARY KEY, name TEXT, applied_at TEXT)')
    client.exec("INSERT INTO d1_migrations (name) VALUES ('9999_from_the_future.sql')")
    client.close()
    expect(await fails({})).toEqual([expect.stringMatching(/newer than this gerbang/)])
  })

  it('a database that has lost a trigger', async () => {
    copyBegun()
    const client = new BetterSqlite3(join(folder, 'gerbang.sqlite'))
    const trigger = client.prepare("SELECT name FROM sqlite_master WHERE type = 'trigger'").pluck()
    client.exec(`DROP TRIGGER ${trigger.get()}`)
    client.close()
    expect(await fails({})).toEqual([expect.stringMatching(/trigger/)])
  })

  it('a missing key', async () => {
    writeFileSync(join(folder, 'keys.jwks.json'), '{"keys":[]}')
    expect(await fails({ KEYS_DIR: folder })).toEqual([
      expect.stringMatching(/KEYS_DIR: no key for receipt, secrets, credential:bn/),
    ])
  })

  it('a ledger that was altered, and the log says where', async () => {
    copyBegun()
    const client = new BetterSqlite3(join(folder, 'gerbang.sqlite'))
    const { sql } = client
      .prepare("SELECT sql FROM sqlite_master WHERE name = 'ledger_no_update'")
      .get() as { sql: string }
    client.exec(
      "DROP TRIGGER ledger_no_update; UPDATE ledger SET leaf = replace(leaf, 'genesis', 'g')",
    )
    client.exec(sql)
    client.close()
    const lines = await fails({ PORT: port })
    expect(lines.join('\n')).toMatch(/ledger entry 0 is not what its hash says/)
    expect(lines.at(-1)).toMatch(/cannot start: .*not as it was written.*restore a backup/)
  })

  it('a data folder that was begun under another address', async () => {
    copyBegun()
    const lines = await fails({ PORT: String(await freePort()) })
    expect(lines).toEqual([expect.stringMatching(/DATA_DIR: .*begun under another PUBLIC_URL/)])
  })

  it('a data folder that was begun with other keys', async () => {
    copyBegun()
    await newKeys(join(folder, 'keys'), 'http://localhost:8787')
    const lines = await fails({ PORT: port, KEYS_DIR: join(folder, 'keys') })
    expect(lines[0]).toMatch(/not believed by the registry in DATA_DIR: .*empty DATA_DIR/)
  })

  it('a key that is not in use yet', async () => {
    const { keys, anchors } = JSON.parse(readFileSync('keys-example/keys.jwks.json', 'utf8'))
    const early = keys.map((key: { purpose: string }) =>
      key.purpose === 'receipt' ? { ...key, iat: 4_102_444_800 } : key,
    )
    const KEYS_JWKS = JSON.stringify({ keys: early, anchors })
    expect(await fails({ KEYS_JWKS })).toEqual([
      expect.stringMatching(/KEYS_DIR: receipt is not in use yet/),
    ])
  })

  it('a key that does not sign what its certificate verifies', async () => {
    const { keys, anchors } = JSON.parse(readFileSync('keys-example/keys.jwks.json', 'utf8'))
    const spoilt = keys.map((key: { purpose: string; d?: string }) =>
      key.purpose === 'receipt' ? { ...key, d: key.d?.slice(0, 40) } : key,
    )
    const KEYS_JWKS = JSON.stringify({ keys: spoilt, anchors })
    expect(await fails({ KEYS_JWKS })).toEqual([
      expect.stringMatching(/KEYS_DIR: receipt does not sign/),
    ])
  })

  it('a sandbox without access keys', async () => {
    const { keys, anchors } = JSON.parse(readFileSync('keys-example/keys.jwks.json', 'utf8'))
    const few = keys.filter(({ purpose }: { purpose: string }) => !purpose.startsWith('access:'))
    const KEYS_JWKS = JSON.stringify({ keys: few, anchors })
    expect(await fails({ KEYS_JWKS })).toEqual([expect.stringMatching(/has no access:bank-sg/)])
  })

  it('a certificate that is none', async () => {
    const file = join(folder, 'not.pem')
    writeFileSync(file, 'not a certificate')
    const lines = await fails({ TLS_CERT_FILE: file, TLS_KEY_FILE: file })
    expect(lines).toEqual([expect.stringMatching(/TLS_CERT_FILE and TLS_KEY_FILE: /)])
  })

  it('in production: http, example keys, and all at once', async () => {
    const lines = await fails({ APP_ENV: 'production' })
    expect(lines).toEqual([
      expect.stringContaining('production needs an https address'),
      expect.stringContaining('must not use example keys'),
    ])
  })

  it('in production: a registry that a sandbox began', async () => {
    copyBegun()
    await newKeys(join(folder, 'keys'), 'https://gateway.example')
    const lines = await fails({
      APP_ENV: 'production',
      PUBLIC_URL: 'https://gateway.example',
      KEYS_DIR: join(folder, 'keys'),
    })
    expect(lines).toEqual([expect.stringMatching(/DATA_DIR: .*sandbox/)])
  })
})

/** A world of keys that nobody else has. */
const newKeys = (out: string, origin: string) =>
  new Promise((resolve) => {
    const args = ['keys-example/generate.ts', '--origin', origin, '--out', out]
    spawn(process.execPath, args).once('exit', resolve)
  })

async function selfSigned(): Promise<{ cert: string; key: string }> {
  const signingAlgorithm = { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' }
  const keys = (await crypto.subtle.generateKey(signingAlgorithm, true, [
    'sign',
    'verify',
  ])) as CryptoKeyPair
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    name: 'CN=localhost',
    keys,
    signingAlgorithm,
    notBefore: new Date(Date.now() - 60_000),
    notAfter: new Date(Date.now() + 3_600_000),
    extensions: [new x509.SubjectAlternativeNameExtension([{ type: 'dns', value: 'localhost' }])],
  })
  const pkcs8 = Buffer.from(await crypto.subtle.exportKey('pkcs8', keys.privateKey))
  const key = `-----BEGIN PRIVATE KEY-----\n${pkcs8.toString('base64')}\n-----END PRIVATE KEY-----\n`
  return { cert: certificate.toString('pem'), key }
}
