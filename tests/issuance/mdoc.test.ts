import { beforeEach, describe, expect, it } from 'vitest'
import { readIssuerSigned } from '../../src/credential/device-response.ts'
import { type Mdoc, verifyIssuerSigned } from '../../src/credential/mdoc.ts'
import { readMobileSecurityObject } from '../../src/credential/mobile-security-object.ts'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { states } from '../../src/providers/states.ts'
import { issuerAnchors, issuers, origin, start } from '../support/issuance.ts'

let world: Awaited<ReturnType<typeof issuers>>
beforeEach(async () => {
  world = await issuers()
})

const pid = 'org.gerbang.pid.1'
const age = 'org.gerbang.age.1'

async function verify(credential: string, at = start) {
  const { findings, credential: accepted } = await verifyIssuerSigned(credential, {
    at,
    anchors: issuerAnchors,
  })
  const failed = findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
  return { failed, accepted }
}

async function accepted(credential: string): Promise<Mdoc> {
  const { failed, accepted } = await verify(credential)
  expect(failed).toEqual([])
  if (!accepted) throw new Error('not accepted')
  return accepted
}

/** How many digests the issuer signed for a namespace. */
function digestsIn(credential: string, nameSpace: string): number | undefined {
  const issued = readIssuerSigned(credential)
  const mso = issued && readMobileSecurityObject(issued.issuerSigned.mso)
  return mso?.ok ? (mso.value.digests.get(nameSpace) as Map<number, unknown>).size : undefined
}

const elementsOf = ({ claims, docType }: Mdoc) => claims[docType] as Record<string, unknown>

describe('pid-mdoc', () => {
  it('MDOC-I01 MDOC-I02 MDOC-I03 HAIP-I08: is IssuerSigned of its issuer, bound to the proven key', async () => {
    const { credential, key } = await world.issue('pid-mdoc')
    expect(credential).toMatch(/^[\w-]+$/)
    const held = readIssuerSigned(credential)
    const { kty, crv, x, y } = key.publicJwk
    expect(held).toMatchObject({ docType: pid, deviceKey: { kty, crv, x, y } })
    // Leaf and intermediate, never the anchor.
    const signer = exampleKeys.keys.find(({ purpose }) => purpose === 'document:vn')
    expect(held?.x5chain).toEqual(signer?.x5c)
    expect(await accepted(credential)).toMatchObject({ anchor: 'issuer-vn', docType: pid })
  })

  it('says as its elements what the SD-JWT VC says as claims', async () => {
    const mdoc = await accepted((await world.issue('pid-mdoc')).credential)
    const { credential: sdJwt } = await world.issue('pid-sd-jwt')
    const policy = { at: start, anchors: issuerAnchors, keyBinding: 'none' } as const
    const { iss, vct, iat, nbf, exp, cnf, status, _sd_alg, ...claims } =
      (await verifySdJwtVc(sdJwt, policy)).credential?.claims ?? {}
    expect(Object.keys(mdoc.claims)).toEqual([pid])
    expect(elementsOf(mdoc)).toEqual(claims)
    expect(elementsOf(mdoc)).toMatchObject({ name: 'Nguyễn Thị An', birthdate: '1990-05-19' })
  })

  it('says of the whole document what no holder may leave out', async () => {
    const { statement } = await accepted((await world.issue('pid-mdoc')).credential)
    expect(statement).toEqual({
      issuing_country: 'VN',
      env: 'sandbox',
      verification: {
        trust_framework: 'vn-vneid',
        assurance_level: 'level 2 / authentication 4',
        time: '2026-11-21T00:00:00Z',
      },
    })
  })

  it('MDOC-I05: says only the day of its making, and ends', async () => {
    const { credential } = await world.issue('pid-mdoc')
    expect((await verify(credential, new Date('2026-11-21T00:00:00Z'))).failed).toEqual([])
    expect((await verify(credential, new Date('2027-11-20T23:59:59Z'))).failed).toEqual([])
    const { failed } = await verify(credential, new Date('2027-11-21T00:00:00Z'))
    expect(failed).toEqual(['credential.validity'])
  })

  it('MDOC-I04 MDOC-I06: two of one person share no random, digest or status index', async () => {
    const [a, b] = [await world.issue('pid-mdoc'), await world.issue('pid-mdoc')]
    const items = ({ credential }: typeof a) =>
      (readIssuerSigned(credential)?.items ?? []).map(({ encoded }) => String(encoded))
    expect(items(a).length).toBeGreaterThan(15)
    expect(new Set(items(a)).intersection(new Set(items(b))).size).toBe(0)
    const [first, second] = [await accepted(a.credential), await accepted(b.credential)]
    expect(first.status?.uri).toMatch(`${origin}/status-lists/`)
    expect(first.status?.uri).toBe(second.status?.uri)
    expect(first.status?.idx).not.toBe(second.status?.idx)
  })

  it('has as many digests whatever is known of a person, and they tell no order', async () => {
    const people = ['vn-nguyen-thi-an', 'jp-li-meiling', 'th-somchai-jaidee', 'sg-chen-wei']
    const orders: string[] = []
    for (const persona of people) {
      const issuer = persona.slice(0, 2)
      const { credential } = await world.issue('pid-mdoc', { issuer, persona })
      expect(digestsIn(credential, pid)).toBe(35)
      orders.push(
        readIssuerSigned(credential)
          ?.items.map(({ name }) => name)
          .join() ?? '',
      )
    }
    expect(new Set(orders).size).toBe(people.length)
  })

  it('never carries a number that may not leave its state', async () => {
    const { credential } = await world.issue('pid-mdoc', {
      issuer: 'jp',
      persona: 'jp-li-meiling',
    })
    const text = JSON.stringify((await accepted(credential)).claims)
    const persona = states.get('jp')?.personas.find(({ id }) => id === 'jp-li-meiling')
    const numbers = persona?.identifiers.map(({ value }) => value) ?? []
    expect(numbers.filter((number) => text.includes(number))).toEqual([])
  })
})

describe('age-mdoc', () => {
  it('answers three thresholds, and tells nothing else of the person', async () => {
    const mdoc = await accepted((await world.issue('age-mdoc')).credential)
    expect(mdoc.docType).toBe(age)
    expect(Object.keys(elementsOf(mdoc)).toSorted()).toEqual([
      ...['age_over_18', 'age_over_20', 'age_over_21', 'env', 'issuing_country', 'verification'],
    ])
  })
})

it('age-mdoc leaves out what a partial birth date cannot answer, and does not show that it did', async () => {
  const vn = states.get('vn')
  const [persona] = vn?.personas ?? []
  if (!vn || !persona) throw new Error('no persona')
  const person = { ...persona.person, birthdate: '2008', birthdate_precision: 'year' as const }
  const changed = { ...vn, personas: [{ ...persona, person }] }
  const changedWorld = await issuers({ states: new Map([['vn', changed]]) })
  const { credential } = await changedWorld.issue('age-mdoc')
  expect(elementsOf(await accepted(credential))).not.toHaveProperty('age_over_18')
  expect(digestsIn(credential, age)).toBe(
    digestsIn((await world.issue('age-mdoc')).credential, age),
  )
})

describe('every state', () => {
  it.each([...states.keys()])('%s issues what the strict verifier accepts', async (issuer) => {
    for (const { id: persona } of states.get(issuer)?.personas ?? []) {
      for (const configurationId of ['pid-mdoc', 'age-mdoc']) {
        const { credential } = await world.issue(configurationId, { issuer, persona })
        const { anchor } = await accepted(credential)
        expect(anchor).toBe(`issuer-${issuer}`)
      }
    }
  })
})

it.each(['expired', 'not-yet-valid'])('%s is that, and nothing else is wrong', async (validity) => {
  const { credential } = await world.issue('pid-mdoc', { validity })
  expect((await verify(credential)).failed).toEqual(['credential.validity'])
})

it('what is not as it should be does not leave the house', async () => {
  const { deps } = world
  const { keys } = deps
  deps.keys = { ...keys, sign: async () => new Uint8Array(64) }
  await expect(world.issue('pid-mdoc')).rejects.toThrow(/no credential: .*unexpected/)
})
