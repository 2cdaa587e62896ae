import { execFileSync, spawnSync } from 'node:child_process'
import { X509Certificate } from 'node:crypto'
import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { afterAll, describe, expect, it } from 'vitest'
import { type KeyPurpose, keyPurposeIds } from '../src/credential/key-purpose.ts'
import { uriNames, verifyChain } from '../src/credential/x509.ts'
import { exampleKeys, isExampleKey } from '../src/example-keys.ts'
import type { KeyFile } from '../src/platform/jwk-key-ring.ts'
import { temporaryFolder } from './support/process.ts'

const folder = 'keys-example'
const pem = (id: string) => new X509Certificate(readFileSync(`${folder}/anchors/${id}.pem`))
const anchors = Object.entries(exampleKeys.anchors).map(([id, certificate]) => ({
  id,
  certificate,
}))
const walletProvider = JSON.parse(readFileSync(`${folder}/wallet-provider.jwk.json`, 'utf8'))

/** The anchor below which a purpose's certificate must stand. */
function anchorOf(purpose: string): string {
  const [kind = '', who] = purpose.split(':')
  if (['credential', 'document', 'status-list'].includes(kind)) return `issuer-${who}`
  return kind === 'access' || kind === 'registration' ? 'reader' : 'wallet-provider'
}

/** What a purpose's certificate must be for, and for nothing else. */
function keyPurposeOf(purpose: string): KeyPurpose {
  const [kind = ''] = purpose.split(':')
  if (kind === 'wallet-provider') return 'wallet-attestation'
  if (kind === 'document') return 'mdoc'
  if (kind in keyPurposeIds) return kind as KeyPurpose
  throw new Error(`no certificate is for ${purpose}`)
}

describe('the example keys', () => {
  it('publish every anchor as PEM, and no other', () => {
    const files = readdirSync(`${folder}/anchors`).map((name) => name.replace('.pem', ''))
    expect(files.sort()).toEqual(Object.keys(exampleKeys.anchors).sort())
    for (const { id, certificate } of anchors) {
      expect(pem(id).raw.toString('base64')).toBe(certificate)
    }
  })

  const certified = [...exampleKeys.keys, walletProvider].filter(({ x5c }) => x5c)
  const at = new Date('2026-11-24T00:00:00Z')

  it.each(certified)(
    '$purpose: the certificate is for the key and chains to its own anchor, which x5c leaves out',
    async ({ purpose, x, y, x5c }) => {
      const chain = await verifyChain(x5c, anchors, at, keyPurposeOf(purpose))
      expect(chain).toMatchObject({ ok: true, value: { anchor: anchorOf(purpose) } })
      const jwk = new X509Certificate(Buffer.from(x5c[0], 'base64')).publicKey.export({
        format: 'jwk',
      })
      expect(jwk).toMatchObject({ x, y })
      expect(x5c).toHaveLength(2)
    },
  )

  it.each(certified)('$purpose: the certificate is for nothing else', async ({ purpose, x5c }) => {
    const others = Object.keys(keyPurposeIds).filter((other) => other !== keyPurposeOf(purpose))
    for (const other of others) {
      expect(await verifyChain(x5c, anchors, at, other as KeyPurpose)).toMatchObject({ ok: false })
    }
  })

  it('have one key for each purpose', () => {
    const purposes = exampleKeys.keys.map(({ purpose }) => purpose)
    expect(new Set(purposes).size).toBe(purposes.length)
    expect(walletProvider).toMatchObject({ kid: expect.any(String), x5c: expect.any(Array) })
  })

  it('are all refused in production, whichever file they lie in', () => {
    const authorities = readFileSync(`${folder}/certificate-authorities.jwks.json`, 'utf8')
    const all = [...exampleKeys.keys, ...JSON.parse(authorities).keys, walletProvider]
    expect(all.length).toBeGreaterThan(60)
    expect(all.filter((key) => !isExampleKey(key))).toEqual([])
  })
})

describe('npm run keys', () => {
  const made = temporaryFolder()
  afterAll(() => made.remove())

  const generate = (...args: string[]) =>
    execFileSync(process.execPath, ['keys-example/generate.ts', '--out', made.path, ...args])
  const read = (): KeyFile => JSON.parse(readFileSync(`${made.path}/keys.jwks.json`, 'utf8'))

  it.each([
    ['--complete', /not in .*: keys\.jwks\.json, /],
    ['--origin=https://gateway.example/', /no trailing slash/],
    ['--origin=ftp://gateway.example', /http or https/],
    ['--orgin=https://gateway.example', /Unknown option '--orgin'/],
  ])('is told how it is used, and makes nothing, when it is given %s', (arg, told) => {
    const args = ['keys-example/generate.ts', '--out', made.path, arg]
    const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
    expect(stderr).toMatch(told)
    expect(stderr).toContain('npm run keys -- ')
    expect(status).toBe(2)
    expect(readdirSync(made.path)).toEqual([])
  })

  it('writes over no keys, and says where they lie', () => {
    const folder = temporaryFolder()
    const run = () =>
      spawnSync(process.execPath, ['keys-example/generate.ts', '--out', folder.path], {
        encoding: 'utf8',
      })
    expect(run().status).toBe(0)
    const before = readFileSync(`${folder.path}/certificate-authorities.jwks.json`, 'utf8')
    const { status, stderr } = run()
    expect({ status, stderr }).toMatchObject({
      status: 2,
      stderr: expect.stringContaining(folder.path),
    })
    expect(readFileSync(`${folder.path}/certificate-authorities.jwks.json`, 'utf8')).toBe(before)
    folder.remove()
  })

  it('with --complete makes what is missing, below the anchors that are there, and keeps all else', async () => {
    generate('--origin', 'https://gateway.example')
    const whole = read()
    const keys = whole.keys.filter(({ purpose }) => purpose !== 'document:vn')
    writeFileSync(`${made.path}/keys.jwks.json`, JSON.stringify({ ...whole, keys }))
    generate('--origin', 'https://gateway.example', '--complete')
    const completed = read()
    expect(completed.anchors).toEqual(whole.anchors)
    expect(completed.keys.filter(({ purpose }) => purpose !== 'document:vn')).toEqual(keys)
    const document = completed.keys.find(({ purpose }) => purpose === 'document:vn')
    const certificate = whole.anchors['issuer-vn'] ?? ''
    const at = new Date('2026-11-24T00:00:00Z')
    const chain = await verifyChain(document?.x5c, [{ id: 'vn', certificate }], at, 'mdoc')
    expect(chain).toMatchObject({ ok: true })
    expect(chain.ok && uriNames(chain.value.leaf)).toEqual(['https://gateway.example/issuers/vn'])
  })
})
