import { afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { authority, certifiedSigner, signer, signWith } from '../support/certificates.ts'
import { signAny } from '../support/raw-jws.ts'
import { issuerId, now, type Scene, scene } from './scene.ts'

type Members = Record<string, unknown>

let s: Scene
beforeAll(async () => {
  s = await scene()
})

const fetched = vi.fn(async () => Promise.reject(new Error('nothing may be fetched')))
beforeEach(() => vi.stubGlobal('fetch', fetched))
afterEach(() => {
  vi.unstubAllGlobals()
  expect(fetched).not.toHaveBeenCalled()
})

async function verify(credential: string, keyBinding: Scene['policy']['keyBinding'] = 'none') {
  const policy = { ...s.policy, keyBinding }
  const { findings, credential: verified } = await verifySdJwtVc(credential, policy)
  const failed = findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
  expect(verified === undefined).toBe(failed.length > 0)
  return { failed, verified }
}

describe('a credential without x5c is refused, however it would have its key found', () => {
  it.each<[id: string, what: string, header: Members, claims: Members]>([
    ['HAIP-N02', 'a kid and nothing else', { kid: 'key-1' }, {}],
    ['VC-N08', 'metadata at iss, with a kid in it', { kid: 'key-1' }, { iss: issuerId }],
    ['VC-V03', 'metadata at an iss with a slash too many', {}, { iss: `${issuerId}/` }],
    ['VC-V04', 'a key in the header', { jwk: 'the key' }, {}],
    ['VC-V04', 'keys at an address', { jku: `${issuerId}/jwks.json`, kid: 'key-1' }, {}],
    ['VC-V04', 'certificates at an address', { x5u: `${issuerId}/chain.pem` }, {}],
    ['VC-V04', 'the hash of a certificate', { 'x5t#S256': 'A'.repeat(43) }, {}],
    ['VC-V04', 'a DID', { kid: 'did:web:issuer.example#1' }, { iss: 'did:web:issuer.example' }],
  ])('%s: by %s', async (_, __, header, claims) => {
    const text = await s.forge({ x5c: undefined, kid: undefined, ...header }, claims)
    expect((await verify(text)).failed).toEqual(['credential.header'])
  })

  it('VC-N05: by an x5c in the payload, which is not the header', async () => {
    const text = await s.forge({ x5c: undefined }, { x5c: s.issuer.x5c })
    expect((await verify(text)).failed).toEqual(['credential.header'])
  })
})

describe('the key comes from the leaf in x5c and from nowhere else', () => {
  it('VC-V04: not from a jwk beside it', async () => {
    const thief = await signer('Thief')
    const jwk = await crypto.subtle.exportKey('jwk', thief.keys.publicKey)
    const header = { ...s.prepared.header, alg: 'ES256', jwk: { ...jwk } as never }
    const jws = await signAny(header, s.prepared.payload, signWith(thief.keys))
    const text = `${[jws, ...s.prepared.disclosures].join('~')}~`
    expect((await verify(text)).failed).toEqual(['credential.signature'])
  })

  it('VC-V04: not by a kid, whatever it says', async () => {
    expect((await verify(await s.forge({ kid: 'https://evil.example/key' }))).failed).toEqual([])
  })

  it('VC-V02: not from another certificate of the chain', async () => {
    const { x5c, intermediate } = s.issuer
    const header = { ...s.prepared.header, alg: 'ES256', x5c }
    const jws = await signAny(header, s.prepared.payload, signWith(intermediate.keys))
    expect((await verify(`${jws}~`)).failed).toEqual(['credential.signature'])
  })

  it('SDJ-V03, HAIP-V11: and from no certificate that leads elsewhere, though it names the issuer', async () => {
    const impostor = await certifiedSigner(issuerId)
    const header = { ...s.prepared.header, alg: 'ES256', x5c: impostor.x5c }
    const jws = await signAny(header, s.prepared.payload, impostor.sign)
    expect((await verify(`${jws}~`)).failed).toEqual(['credential.chain'])
  })
})

describe('JSON serialisation is not taken', () => {
  /** What RFC 9901 8 makes of a compact SD-JWT; `where` the certificates stand. */
  async function asJson(where: 'protected' | 'unprotected', form: 'flattened' | 'general') {
    const x5c = where === 'protected' ? {} : { x5c: undefined }
    const [jwt = '', ...disclosures] = (await s.forge(x5c)).split('~').slice(0, -1)
    const [protectedHeader, payload, signature] = jwt.split('.')
    const header = { disclosures, ...(where === 'unprotected' && { x5c: s.issuer.x5c }) }
    const signed = { protected: protectedHeader, signature, header }
    return JSON.stringify(
      form === 'flattened' ? { payload, ...signed } : { payload, signatures: [signed] },
    )
  }

  it.each(['flattened', 'general'] as const)(
    'SDJ-V09, VC-N05: %s, with x5c in the unprotected header or not',
    async (form) => {
      for (const where of ['protected', 'unprotected'] as const) {
        const text = await asJson(where, form)
        const { findings } = await verifySdJwtVc(text, s.policy)
        expect(findings[0]).toMatchObject({
          check: 'credential.format',
          outcome: 'fail',
          detail: 'Only the compact form of an SD-JWT is taken, not JSON.',
        })
        expect((await verify(`${text}~`)).failed).toEqual(['credential.format'])
      }
    },
  )
})

describe('nothing that a credential refers to is fetched', () => {
  it.each<[id: string, claims: Members]>([
    ['VC-N10', { vct: 'https://issuer.example/pid', 'vct#integrity': 'sha256-bm90IGl0cyBoYXNo' }],
    ['VC-V09', { vct: 'https://issuer.example/pid', extends: 'https://issuer.example/pid' }],
    ['VC-V10', { vct: 'https://issuer.example/pid', 'vct#integrity': 'md5-AA' }],
    ['VC-V08', { vct: 'http://169.254.169.254/latest/meta-data' }],
    ['TSL-V01', { status: { status_list: { idx: 0, uri: 'https://issuer.example/status/1' } } }],
  ])('%s: %j', async (_, claims) => {
    const { failed, verified } = await verify(await s.forge({}, claims))
    expect(failed).toEqual([])
    expect(verified?.claims).toMatchObject(claims)
  })

  it('TSL-V01: nor is a status told of a credential that is refused', async () => {
    expect((await verify(await s.forge({}, { exp: now }))).verified).toBeUndefined()
  })
})

describe('whether key binding is asked for is decided before', () => {
  const asked = { nonce: 'n', audience: 'a' }
  it('SDJ-V01, HAIP-V10: a credential without any does not lower what is asked', async () => {
    expect((await verify(s.credential, asked)).failed).toEqual(['key_binding.present'])
  })

  it('SDJ-V01: nor does one without cnf', async () => {
    expect((await verify(await s.forge({}, { cnf: undefined }), asked)).failed).toEqual([
      'key_binding.present',
    ])
  })

  it('SDJ-V01: one that is attached is no reason to accept it unasked', async () => {
    expect((await verify(await s.bind(s.credential))).failed).toEqual(['key_binding.present'])
  })
})

describe('an anchor that was renewed under its name and key', () => {
  it('is led to as soon as the old one is not in force, whatever was remembered', async () => {
    const issuer = await certifiedSigner(issuerId)
    const own = await scene(issuer)
    const { der } = await authority('Root', { keys: issuer.root.keys })
    const [old, renewed] = [issuer.anchor, { id: 'renewed', certificate: der }]
    const text = await own.bind(own.credential)
    const anchorOf = async (
      ...policy: Parameters<typeof verifySdJwtVc>[1]['anchors'][number][][]
    ) => {
      const [anchors = [], others = []] = policy
      const asked = { ...own.policy, anchors, otherAnchors: () => others }
      return (await verifySdJwtVc(text, asked)).credential?.anchor
    }
    expect(await anchorOf([old], [renewed])).toBe('anchor-root')
    expect(await anchorOf([renewed], [old])).toBe('renewed')
    expect(await anchorOf([old, renewed])).toBe('renewed')
    expect(await anchorOf([], [old])).toBe('anchor-root')
    expect(await anchorOf([])).toBeUndefined()
  })
})
