import { beforeAll, describe, expect, it } from 'vitest'
import { states } from '../../src/providers/states.ts'
import { purposeProfiles } from '../../src/purposes/profiles.ts'
import { currentRegistry } from '../../src/registry/current.ts'
import { ensureGenesis, sandboxGenesis, sandboxRelyingParties } from '../../src/sandbox.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import { entityIds } from '../../src/trust/entity-id.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { judge } from '../../src/trust/judge.ts'
import { compileSnapshot, type Snapshot } from '../../src/trust/snapshot.ts'
import { memoryDatabase } from '../support/database.ts'
import { known } from '../trust/world.ts'

const now = new Date('2026-11-24T12:00:00Z')
const daysAgo = (days: number) => new Date(now.getTime() - days * 86_400_000)
const origin = 'http://localhost:8787'
// The bytes of a certificate do not matter here; only that each is another.
const anchors = Object.fromEntries([...states.keys()].map((cc) => [cc, btoa(`ca of ${cc}`)]))
const world = {
  origin,
  now,
  states: states.values(),
  anchors,
  readerCa: btoa('reader'),
  walletProviderCa: btoa('wallet provider'),
}
const genesis = () => sandboxGenesis({ ...world, states: states.values() })

let facts: Fact[]
let snapshot: Snapshot
beforeAll(async () => {
  facts = await genesis()
  snapshot = compileSnapshot(known(facts), 0)
})

const pid = 'urn:gerbang:pid:1'
const age = 'urn:gerbang:age:1'

function decide(
  cc: string,
  national: string | undefined,
  [relyingParty, purpose]: [string, string],
  { at = now, credentialType = pid } = {},
) {
  const authority = `${origin}/states/${cc}`
  const anchor = snapshot.anchors('issuer_ca', at).find(({ entity }) => entity === authority)
  const question = {
    at,
    anchor: anchor?.id ?? '',
    issuer: `${origin}/issuers/${cc}`,
    credentialType,
    national,
    relyingParty: `${origin}/relying-parties/${relyingParty}`,
    purpose,
  }
  const decision = judge(question, snapshot)
  const failed = decision.findings.filter(({ outcome }) => outcome === 'fail')
  return {
    ...decision,
    failed: failed.map(({ check }) => check),
    details: failed.map((f) => f.detail),
  }
}
const bank: [string, string] = ['bank-sg', 'bank-kyc']

describe('the sandbox as it begins', () => {
  it('has all twelve states, each with authority, issuer and anchor in force', () => {
    expect(snapshot.countries).toEqual([
      'BN',
      'ID',
      'JP',
      'KH',
      'LA',
      'MM',
      'MY',
      'PH',
      'SG',
      'TH',
      'TL',
      'VN',
    ])
    expect(snapshot.anchors('issuer_ca', now)).toHaveLength(12)
    expect(snapshot.anchors('reader_ca', now)).toHaveLength(1)
    expect(snapshot.anchors('wallet_provider_ca', now)).toHaveLength(1)
    for (const cc of states.keys()) {
      for (const credentialType of [pid, age]) {
        const home = decide(cc, undefined, bank, { credentialType })
        expect(home.failed, cc).not.toContain('trust.anchor')
        expect(home.failed, cc).not.toContain('trust.issuer')
      }
    }
  })

  it('permits each relying party exactly what its purposes list', () => {
    for (const { id, purposes } of sandboxRelyingParties) {
      for (const { code, claims } of purposeProfiles) {
        const expected = purposes.includes(code) ? claims : undefined
        expect(snapshot.permitted(id, code, now), `${id} ${code}`).toEqual(expected)
      }
    }
  })

  it('has a purpose that nobody holds', () => {
    expect(snapshot.purpose('travel-hotel-checkin', now)).toBeDefined()
    expect(sandboxRelyingParties.flatMap(({ purposes }) => purposes)).not.toContain(
      'travel-hotel-checkin',
    )
  })

  it('tells no secret and no person', () => {
    const text = JSON.stringify(facts)
    expect(text).not.toMatch(/api_?key|secret|"d":|hash|email|phone|contact|PRIVATE/i)
    const people = [...states.values()].flatMap(({ personas }) => personas)
    expect(people.length).toBeGreaterThan(30)
    const values = people.flatMap(({ person, identifiers }) => [
      person.name,
      ...identifiers.map(({ value }) => value),
    ])
    expect(values.filter((value) => text.includes(JSON.stringify(value)))).toEqual([])
  })

  it('says of every name and agreement that it is invented', () => {
    for (const fact of facts) {
      if (fact.type === 'entity') expect(fact.name.en).toMatch(/sandbox/)
      if (fact.type === 'recognition') expect(fact.legalBasis).toBe('sandbox')
    }
  })

  it('has only what the states served need', async () => {
    const two = ['sg', 'vn'].flatMap((cc) => states.get(cc) ?? [])
    const few = compileSnapshot(known(await sandboxGenesis({ ...world, states: two })), 0)
    expect(few.countries).toEqual(['SG', 'VN'])
    expect(few.relyingParty('shop-th', now)).toBeUndefined()
    expect(few.recognitions('SG', 'VN', now)).toHaveLength(1)
    expect(few.recognitionsAt(now).map(({ fact }) => fact.id)).toEqual(['sg-vn', 'vn-sg'])
  })
})

describe('who may rely on whom', () => {
  it('SG accepts a citizen of VN for bank KYC at high and high', () => {
    const decision = decide('vn', 'level 2 / authentication 4', bank)
    expect(decision.failed).toEqual([])
    expect(decision).toMatchObject({
      issuer: { id: `${origin}/issuers/vn`, country: 'VN' },
      assurance: { proofing: 'high', authn: 'high' },
      recognition: { id: 'sg-vn', recogniser: 'SG', recognised: 'VN', legalBasis: 'sandbox' },
    })
  })

  it('but not at a level that is too low', () => {
    expect(decide('vn', 'level 1 / authentication 1', bank).failed).toEqual([
      'assurance.proofing',
      'assurance.authn',
    ])
  })

  it.each(['la', 'mm', 'bn', 'tl'])('nobody accepts %s where a level is asked: unrated', (cc) => {
    expect(states.get(cc)?.levels).toEqual([])
    const decision = decide(cc, undefined, bank)
    expect(decision.failed).toEqual(['trust.recognition', 'assurance.proofing', 'assurance.authn'])
    expect(decision.assurance).toMatchObject({ proofing: 'unrated', authn: 'unrated' })
    const recognised = snapshot.recognitionsAt(now).map(({ fact }) => fact.recognised)
    expect(recognised).not.toContain(cc.toUpperCase())
  })

  it('unrated is refused at home too, where a level is asked', () => {
    expect(decide('bn', undefined, ['gov-bn', 'gov-service-login']).failed).toEqual([
      'assurance.proofing',
      'assurance.authn',
    ])
  })

  it('SG and JP recognise each other, for different things', () => {
    const card = 'JPKI signature certificate / card and PIN'
    const loa3 = 'urn:singpass:authentication:loa:3'
    expect(decide('jp', card, bank).failed).toEqual([])
    expect(decide('sg', loa3, ['employer-jp', 'labour-mobility']).failed).toEqual([])
  })

  it('VN does not recognise for KYC whoever recognises it: customs only', () => {
    const kyc = snapshot
      .recognitions('VN', 'SG', now)
      .filter(({ fact }) => fact.purposes.includes('bank-kyc'))
    expect(kyc).toEqual([])
  })

  it('a capped recognition lowers what the map says', () => {
    expect(decide('th', 'IAL3 / AAL3', bank)).toMatchObject({
      failed: [],
      assurance: { proofing: 'substantial', authn: 'substantial' },
    })
  })

  it('TH accepts an age from VN, and SG none', () => {
    const credentialType = age
    const national = 'level 2 / authentication 3'
    expect(decide('vn', national, ['shop-th', 'age-check'], { credentialType }).failed).toEqual([])
    const inSingapore = decide('vn', national, ['bank-sg', 'age-check'], { credentialType })
    expect(inSingapore.details[0]).toContain('not of this type')
  })

  it('one recognition was suspended a month ago, and one is over', () => {
    const ph = (at: Date) => decide('ph', 'eVerify / face liveness', bank, { at })
    expect(ph(daysAgo(31)).failed).toEqual([])
    expect(ph(daysAgo(30)).failed).toEqual(['trust.recognition'])
    expect(ph(now).details[0]).toContain('suspended')
    const kh = snapshot.recognitions('SG', 'KH', daysAgo(31))
    expect(kh.map(({ standing }) => standing)).toEqual(['granted'])
    expect(snapshot.recognitions('SG', 'KH', now).map(({ standing }) => standing)).toEqual([
      'expired',
    ])
  })
})

describe('ensureGenesis', () => {
  const clock = () => now
  const registryId = entityIds(origin).registry

  it('writes one entry, the first, and compiles to the same registry', async () => {
    const ledger = ledgerStore(await memoryDatabase())
    await ensureGenesis({ clock, ledger, registryId }, genesis)
    const entries = await ledger.entriesAfter(-1)
    expect(entries).toMatchObject([{ position: 0, kind: 'genesis', actor: 'sandbox' }])
    expect(JSON.parse(entries[0]?.leaf ?? '')).toMatchObject({
      registry_id: 'urn:gerbang:registry:http://localhost:8787',
    })
    const registry = currentRegistry({ clock, ledger })
    await registry.refresh()
    expect(registry.facts()).toEqual(known(facts))
  })

  it('leaves a ledger alone that has begun', async () => {
    const ledger = ledgerStore(await memoryDatabase())
    await ensureGenesis({ clock, ledger, registryId }, genesis)
    await ensureGenesis({ clock, ledger, registryId }, () =>
      Promise.reject(new Error('not asked for')),
    )
    expect(await ledger.position()).toBe(0)
  })

  it('writes once when two start at the same time', async () => {
    const ledger = ledgerStore(await memoryDatabase())
    await Promise.all([
      ensureGenesis({ clock, ledger, registryId }, genesis),
      ensureGenesis({ clock, ledger, registryId }, genesis),
    ])
    expect(await ledger.position()).toBe(0)
  })

  it('says why when the facts cannot be', async () => {
    const ledger = ledgerStore(await memoryDatabase())
    const twice = async () => [...(await genesis()), ...(await genesis())]
    await expect(ensureGenesis({ clock, ledger, registryId }, twice)).rejects.toThrow(
      'The registry refuses',
    )
  })
})
