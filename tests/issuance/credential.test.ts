import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { states } from '../../src/providers/states.ts'
import { issuances } from '../../src/store/schema/issuance.ts'
import { issuerAnchors, issuers, origin, seconds, start, vnIssuer } from '../support/issuance.ts'

let world: Awaited<ReturnType<typeof issuers>>
beforeEach(async () => {
  world = await issuers()
})

const day = 86_400

function read(credential: string) {
  const [jwt = '', ...rest] = credential.split('~')
  return {
    header: decodeProtectedHeader(jwt),
    payload: decodeJwt(jwt) as Record<string, unknown> & {
      iat: number
      nbf: number
      exp: number
      _sd: string[]
      status: { status_list: { uri: string; idx: number } }
    },
    disclosures: rest.slice(0, -1),
    end: rest.at(-1),
  }
}

async function claimsOf(credential: string, at = start) {
  const policy = { at, anchors: issuerAnchors, keyBinding: 'none' } as const
  const { findings, credential: accepted } = await verifySdJwtVc(credential, policy)
  expect(findings.filter(({ outcome }) => outcome === 'fail')).toEqual([])
  return accepted?.claims ?? {}
}

describe('pid-sd-jwt', () => {
  it('HAIP-I08 VC-I01 VC-I04 SDJ-I17: is an SD-JWT VC of its issuer, bound to the proven key', async () => {
    const { credential, key } = await world.issue()
    const { header, payload, end } = read(credential)
    expect(header).toMatchObject({ typ: 'dc+sd-jwt', alg: 'ES256' })
    // Leaf and intermediate, never the anchor.
    expect(header.x5c).toHaveLength(2)
    for (const { certificate } of issuerAnchors) expect(header.x5c).not.toContain(certificate)
    expect(end).toBe('')
    const { kty, crv, x, y } = key.publicJwk
    expect(payload).toMatchObject({
      iss: vnIssuer,
      vct: 'urn:gerbang:pid:1',
      cnf: { jwk: { kty, crv, x, y } },
      issuing_country: 'VN',
      env: 'sandbox',
      verification: {
        trust_framework: 'vn-vneid',
        assurance_level: 'level 2 / authentication 4',
        time: '2026-11-21T00:00:00Z',
      },
    })
  })

  it('SDJ-I16: says only the day of its making, and ends', async () => {
    const { payload } = read((await world.issue()).credential)
    const midnight = seconds(new Date('2026-11-21T00:00:00Z'))
    expect(payload).toMatchObject({ iat: midnight, nbf: midnight, exp: midnight + 365 * day })
  })

  it('carries the common person data, each claim on its own', async () => {
    const { credential } = await world.issue()
    const claims = await claimsOf(credential)
    expect(claims).toMatchObject({
      name: 'Nguyễn Thị An',
      name_order: 'family-first',
      birthdate: '1990-05-19',
      nationalities: ['VN'],
      address: { country: 'VN', admin_area_1: 'Hà Nội' },
      personal_administrative_number: '001190999901',
      issuing_authority: 'Bộ Công an (sandbox mock)',
      date_of_issuance: '2026-11-21',
      date_of_expiry: '2027-11-21',
    })
    const { payload } = read(credential)
    const open = ['iss', 'vct', 'iat', 'nbf', 'exp', 'cnf', 'status', 'issuing_country']
    const ours = ['verification', 'env', '_sd', '_sd_alg']
    expect(Object.keys(payload).filter((name) => ![...open, ...ours].includes(name))).toEqual([])
  })

  it('SDJ-I11: has as many digests whatever is known of a person', async () => {
    const people = ['vn-nguyen-thi-an', 'jp-li-meiling', 'th-somchai-jaidee', 'sg-chen-wei']
    for (const persona of people) {
      const issuer = persona.slice(0, 2)
      const { credential } = await world.issue('pid-sd-jwt', { issuer, persona })
      expect(read(credential).payload._sd).toHaveLength(32)
    }
  })

  it('SDJ-I08 SDJ-I16 TSL-I07: two of one person share no salt, digest or status index', async () => {
    const [a, b] = [read((await world.issue()).credential), read((await world.issue()).credential)]
    expect(new Set(a.payload._sd).intersection(new Set(b.payload._sd)).size).toBe(0)
    expect(new Set(a.disclosures).intersection(new Set(b.disclosures)).size).toBe(0)
    expect(a.payload.status.status_list.uri).toBe(b.payload.status.status_list.uri)
    expect(a.payload.status.status_list.idx).not.toBe(b.payload.status.status_list.idx)
  })

  it('has one token per person and issuer, which nobody can compute', async () => {
    const tokenOf = async (persona: string) => {
      const { credential } = await world.issue('pid-sd-jwt', { persona })
      return (await claimsOf(credential)).person_token
    }
    const an = await tokenOf('vn-nguyen-thi-an')
    expect(an).toMatch(/^[A-Za-z0-9_-]{43}$/)
    expect(await tokenOf('vn-nguyen-thi-an')).toBe(an)
    expect(await tokenOf('vn-tran-van-binh')).not.toBe(an)
  })

  it('never carries a number that may not leave its state', async () => {
    for (const [cc, state] of states) {
      const secret = state.identifiers.filter((rule) => !rule.crossesBorders)
      const schemes = new Set(secret.map(({ scheme }) => scheme))
      for (const { id, identifiers } of state.personas.slice(0, 1)) {
        const { credential } = await world.issue('pid-sd-jwt', { issuer: cc, persona: id })
        const text = JSON.stringify(await claimsOf(credential))
        for (const { value } of identifiers.filter(({ scheme }) => schemes.has(scheme))) {
          expect(text).not.toContain(value)
        }
      }
    }
  })
})

describe('age-sd-jwt', () => {
  it('answers three thresholds, and tells nothing else of the person', async () => {
    const claims = await claimsOf((await world.issue('age-sd-jwt')).credential)
    expect(claims).toMatchObject({ vct: 'urn:gerbang:age:1', issuing_country: 'VN' })
    expect(claims).toMatchObject({ age_over_18: true, age_over_20: true, age_over_21: true })
    for (const name of ['name', 'birthdate', 'person_token'])
      expect(claims).not.toHaveProperty(name)
  })

  it('says no where someone is too young', async () => {
    const persona = 'sg-nur-aisyah-binte-rahman'
    const { credential } = await world.issue('age-sd-jwt', { issuer: 'sg', persona })
    expect(await claimsOf(credential)).toMatchObject({ age_over_18: false, age_over_21: false })
  })

  it('leaves out what a partial birth date cannot answer, and does not show that it did', async () => {
    const { credential } = await issueTo('2008')
    const claims = await claimsOf(credential)
    expect(claims).toMatchObject({ age_over_20: false, age_over_21: false })
    expect(claims).not.toHaveProperty('age_over_18')
    expect(read(credential).payload._sd).toHaveLength(3)
  })

  async function issueTo(birthdate: string) {
    const vn = states.get('vn')
    const [persona] = vn?.personas ?? []
    if (!vn || !persona) throw new Error('no persona')
    const person = { ...persona.person, birthdate, birthdate_precision: 'year' as const }
    const changed = { ...vn, personas: [{ ...persona, person }] }
    const changedWorld = await issuers({ states: new Map([['vn', changed]]) })
    return changedWorld.issue('age-sd-jwt')
  }
})

describe('every state', () => {
  it.each([...states.keys()])('%s issues what the strict verifier accepts', async (issuer) => {
    for (const { id: persona } of states.get(issuer)?.personas ?? []) {
      for (const configurationId of ['pid-sd-jwt', 'age-sd-jwt']) {
        const { credential } = await world.issue(configurationId, { issuer, persona })
        expect(await claimsOf(credential)).toMatchObject({ iss: `${origin}/issuers/${issuer}` })
      }
    }
  })

  it('states no level where its scheme states none', async () => {
    const persona = 'la-somsak-keomany'
    const { credential } = await world.issue('pid-sd-jwt', { issuer: 'la', persona })
    expect((await claimsOf(credential)).verification).not.toHaveProperty('assurance_level')
  })
})

describe('validity', () => {
  const failedAt = async (credential: string) => {
    const policy = { at: start, anchors: issuerAnchors, keyBinding: 'none' } as const
    const { findings } = await verifySdJwtVc(credential, policy)
    return findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
  }

  it.each(['expired', 'not-yet-valid'])(
    '%s is that, and nothing else is wrong',
    async (validity) => {
      const { credential } = await world.issue('pid-sd-jwt', { validity })
      expect(await failedAt(credential)).toEqual(['credential.validity'])
    },
  )
})

describe('a status index that is taken', () => {
  it('TSL-I07: is not given twice, and a full list is followed by another', async () => {
    const { deps } = world
    // Three zero bytes are index 0; the other draws stay as they are.
    const { random } = deps
    deps.random = (size) => (size === 3 ? new Uint8Array(3) : random(size))
    const first = read((await world.issue()).credential).payload.status.status_list
    const second = read((await world.issue()).credential).payload.status.status_list
    expect([first.idx, second.idx]).toEqual([0, 0])
    expect(first.uri).not.toBe(second.uri)
  })
})

describe('what fails half-way', () => {
  it('leaves no trace but the spent nonce', async () => {
    const { deps } = world
    await world.issue()
    const issued = async () => (await world.db.orm.select().from(issuances)).length
    const { keys } = deps
    deps.keys = { ...keys, sign: async () => new Uint8Array(64) }
    await expect(world.issue()).rejects.toThrow()
    expect(await issued()).toBe(1)
    deps.keys = keys
    await world.issue()
    expect(await issued()).toBe(2)
  })
})
