import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import { type Json, parseJson } from '../../src/credential/json.ts'
import { revealClaims } from '../../src/credential/sd-jwt.ts'
import { prepareSdJwtVc, type SdJwtVcDraft, signSdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { countingRandom, type Scene, scene } from './scene.ts'

let s: Scene
beforeAll(async () => {
  s = await scene()
})

const prepare = (change: Partial<SdJwtVcDraft> = {}) =>
  prepareSdJwtVc({ ...s.draft, ...change }, countingRandom())
const open = (disclosure: string) => {
  const bytes = decodeBase64url(disclosure)
  return (bytes && parseJson(bytes)) as Json[]
}

describe('prepareSdJwtVc', () => {
  it('hides every selective claim behind its own salt and digest (SDJ-I03, I04, I08)', async () => {
    const { disclosures } = await prepare()
    const opened = disclosures.map(open)
    expect(opened.map(([, name]) => name)).toEqual([
      'given_name',
      'family_name',
      'address',
      'country',
      'locality',
    ])
    const salts = opened.map(([salt]) => String(salt))
    expect(new Set(salts).size).toBe(5)
    expect(salts.every((salt) => decodeBase64url(salt)?.length === 16)).toBe(true)
  })

  it('sorts digests and decoys into one list (SDJ-I05, I09, I11)', async () => {
    const { payload, disclosures } = await prepare()
    const digests = payload._sd as string[]
    expect(digests).toHaveLength(6)
    expect(digests).toEqual(digests.toSorted())
    expect(digests.every((digest) => decodeBase64url(digest)?.length === 32)).toBe(true)
    for (const disclosure of disclosures.slice(0, 3)) {
      expect(digests).toContain(await digestText(disclosure))
    }
    expect(payload._sd_alg).toBe('sha-256')
  })

  it('hides the members of an object once more (RFC 9901 6.3)', async () => {
    const { payload, disclosures } = await prepare()
    const revealed = await revealClaims(payload, disclosures.slice(0, 3))
    expect(revealed.ok && revealed.value.address).toEqual({})
    const all = await revealClaims(payload, disclosures)
    expect(all.ok && all.value).toEqual({ ...s.draft.visible, ...s.draft.selective })
  })

  it('with nothing to hide emits neither _sd nor disclosures (VC-I07, SDJ-I15)', async () => {
    const { payload, disclosures } = await prepare({ selective: {} })
    expect(payload).toEqual(s.draft.visible)
    expect(disclosures).toEqual([])
  })

  it('keeps an empty object, and an array whole', async () => {
    const selective = { empty: {}, nationalities: ['VN', { code: 'LA' }] }
    const { payload, disclosures } = await prepare({ selective })
    const revealed = await revealClaims(payload, disclosures)
    expect(revealed.ok && revealed.value).toMatchObject(selective)
    expect(disclosures).toHaveLength(2)
  })

  it('types the token, and carries the chain and no anchor (VC-I01, SDJ-I14, HAIP-I08)', async () => {
    const { header } = await prepare()
    expect(header).toEqual({ typ: 'dc+sd-jwt', kid: 'signer-1', x5c: s.issuer.x5c })
  })

  const visible = (change: object) => () => ({ visible: { ...s.draft.visible, ...change } })
  it.each<[id: string, what: string, change: () => object, sentence: RegExp]>([
    ['VC-I02', 'no vct', visible({ vct: '' }), /vct/],
    ['VC-I03', 'exp selective', () => ({ selective: { exp: 1 } }), /must be visible/],
    ['SDJ-I13', 'aud selective', () => ({ selective: { aud: 'a' } }), /must be visible/],
    ['VC-I03', 'status selective', () => ({ selective: { status: {} } }), /must be visible/],
    ['SDJ-I07', '_sd as a name', () => ({ selective: { a: { _sd: [] } } }), /called _sd/],
    ['SDJ-I07', 'dots as a name', visible({ a: [{ '...': 'x' }] }), /called _sd/],
    ['SDJ-I06', '_sd_alg as a name', visible({ _sd_alg: 'md5' }), /called _sd/],
    [
      'SDJ-I07',
      'a claim twice',
      () => ({ selective: { sub: 'a' }, ...visible({ sub: 'b' })() }),
      /either/,
    ],
    ['VC-I04', 'cnf without jwk', visible({ cnf: { kid: 'a' } }), /cnf/],
    ['VC-I06', 'vct in aka_vcts', visible({ aka_vcts: ['urn:gerbang:pid:1'] }), /aka_vcts/],
    ['VC-I08', 'another status', visible({ status: { a: 1 } }), /status_list/],
    [
      'TSL-I06',
      'a negative idx',
      visible({ status: { status_list: { idx: -1, uri: 'https://a' } } }),
      /idx/,
    ],
    ['HAIP-I08', 'no x5c', () => ({ header: { kid: 'k', x5c: [] } }), /x5c/],
  ])('%s: throws on %s', async (_, __, change, sentence) => {
    await expect(prepare(change())).rejects.toThrow(sentence)
  })

  it('SDJ-I10: throws when the random bytes repeat and two decoys fall together', async () => {
    const stuck = (size: number) => new Uint8Array(size)
    await expect(prepareSdJwtVc(s.draft, stuck)).rejects.toThrow('repeats')
  })
})

describe('signSdJwtVc', () => {
  it('ends in a tilde and has no key binding (SDJ-I02, I17)', async () => {
    expect(s.credential).toMatch(/^[\w.-]+(~[\w-]+){5}~$/)
    const bare = await signSdJwtVc(await prepare({ selective: {} }), s.issuer.sign)
    expect(bare).toMatch(/^[\w.-]+~$/)
  })
})
