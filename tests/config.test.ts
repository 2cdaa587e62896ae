import { readFileSync } from 'node:fs'
import { exportJWK, generateKeyPair } from 'jose'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { exampleKeys } from '../src/example-keys.ts'
import type { KeyFile } from '../src/platform/jwk-key-ring.ts'

const noFiles = (path: string): string => {
  throw new Error(`cannot read ${path}`)
}
const faultsOf = (env: Record<string, string>, readText = noFiles) => {
  const read = readConfig(env, readText)
  return read.ok ? [] : read.error
}

/** A key ring like the example's, in which every key is new. */
async function ownKeys(): Promise<KeyFile> {
  const keys = await Promise.all(
    exampleKeys.keys.map(async ({ purpose, kid, kty }) => {
      if (kty === 'oct') return { purpose, kid, kty, k: 'A'.repeat(43) }
      const { privateKey } = await generateKeyPair('ES256', { extractable: true })
      return { ...(await exportJWK(privateKey)), purpose, kid }
    }),
  )
  return { keys, anchors: {} }
}

describe('configuration', () => {
  it('needs no variable at all in the sandbox', () => {
    expect(readConfig({}, noFiles)).toMatchObject({
      ok: true,
      value: { port: 8787, publicUrl: 'http://localhost:8787', env: 'sandbox', role: 'anchor' },
    })
  })

  it('takes an empty variable for one that is not set', () => {
    expect(readConfig({ PORT: '', KEYS_DIR: '' }, noFiles)).toMatchObject({ ok: true })
  })

  it('names https when it serves https itself', () => {
    const read = readConfig({ TLS_CERT_FILE: 'c', TLS_KEY_FILE: 'k', PORT: '8443' }, (path) => path)
    expect(read).toMatchObject({
      ok: true,
      value: { publicUrl: 'https://localhost:8443', tls: { cert: 'c', key: 'k' } },
    })
  })

  it('reads keys from KEYS_DIR', () => {
    const read = readConfig({ KEYS_DIR: 'keys-example' }, (path) => readFileSync(path, 'utf8'))
    expect(read.ok && read.value.keys.keys.length).toBe(exampleKeys.keys.length)
  })

  it.each<[string, Record<string, string>, RegExp]>([
    ['a port that is no number', { PORT: 'http' }, /^PORT: must be/],
    ['a port out of range', { PORT: '65536' }, /^PORT: must be/],
    ['a public URL with a path', { PUBLIC_URL: 'https://a.example/x' }, /^PUBLIC_URL: .*origin/],
    ['a trailing slash', { PUBLIC_URL: 'https://a.example/' }, /^PUBLIC_URL: .*origin/],
    ['http beyond localhost', { PUBLIC_URL: 'http://a.example' }, /^PUBLIC_URL: http is for/],
    ['another scheme', { PUBLIC_URL: 'ftp://localhost' }, /^PUBLIC_URL/],
    ['an unknown environment', { APP_ENV: 'staging' }, /^APP_ENV: must be one of sandbox, prod/],
    ['a state that is none of the twelve', { STATES: 'vn,fr' }, /^STATES: must be one of/],
    ['no state at all', { STATES: ' ' }, /^STATES/],
    ['two sources of keys', { KEYS_DIR: 'x', KEYS_JWKS: '{}' }, /^KEYS_DIR and KEYS_JWKS/],
    ['half a TLS pair', { TLS_CERT_FILE: 'c' }, /set both, or neither/],
    ['a key file that is not there', { KEYS_DIR: 'nowhere' }, /^KEYS_DIR: cannot read nowhere/],
    ['a member without an anchor', { ROLE: 'member' }, /^ANCHOR_URL: needed/],
    ['an unknown log level', { LOG_LEVEL: 'loud' }, /^LOG_LEVEL: must be one of/],
  ])('refuses %s', (_, env, sentence) => {
    expect(faultsOf(env)).toEqual(expect.arrayContaining([expect.stringMatching(sentence)]))
  })

  it('never repeats a secret in a fault', () => {
    const faults = faultsOf({ KEYS_JWKS: '{"keys":[{"d":"very-secret-scalar"' })
    expect(faults.join()).toMatch(/KEYS_JWKS: is not JSON/)
    expect(faults.join()).not.toContain('secret')
  })

  it('names the purposes that have no key', async () => {
    const { keys } = await ownKeys()
    const missing = ['credential:vn', 'document:vn']
    const jwks = JSON.stringify({ keys: keys.filter(({ purpose }) => !missing.includes(purpose)) })
    const fault = 'KEYS_JWKS: no key for credential:vn, document:vn'
    expect(faultsOf({ KEYS_JWKS: jwks })).toEqual([fault])
    expect(faultsOf({ KEYS_JWKS: jwks, STATES: 'sg' })).toEqual([])
  })

  it('needs a registrar only where relying parties ask', async () => {
    const { keys } = await ownKeys()
    const without = keys.filter(({ purpose }) => purpose !== 'registration')
    const faults = faultsOf({ KEYS_JWKS: JSON.stringify({ keys: without }) })
    expect(faults).toEqual(['KEYS_JWKS: no key for registration'])
    const issuing = without.filter(({ purpose }) => !purpose.startsWith('access:'))
    expect(faultsOf({ KEYS_JWKS: JSON.stringify({ keys: issuing }) })).toEqual([])
  })
})

describe('production', () => {
  it('refuses http, example keys and half a TLS pair, all at once', () => {
    const faults = faultsOf({ APP_ENV: 'production', TLS_KEY_FILE: 'k' }, (path) => path)
    expect(faults).toEqual([
      expect.stringContaining('TLS_CERT_FILE'),
      expect.stringContaining('production needs an https address'),
      expect.stringContaining('must not use example keys'),
    ])
  })

  it('knows an example key by another name, and a single one among others', async () => {
    const [example] = exampleKeys.keys
    const own = await ownKeys()
    const keys = [{ ...example, kid: 'renamed' }, ...own.keys.slice(1)]
    const env = { APP_ENV: 'production', PUBLIC_URL: 'https://a.example' }
    expect(faultsOf({ ...env, KEYS_JWKS: JSON.stringify({ keys }) })).toEqual([
      expect.stringContaining('1 of these'),
    ])
    expect(faultsOf({ ...env, KEYS_JWKS: JSON.stringify(own) })).toEqual([])
  })
})
