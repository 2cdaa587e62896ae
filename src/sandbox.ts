import { toNumericDate } from './credential/numeric-date.ts'
import { x509Hash } from './credential/x509.ts'
import { purposeProfiles } from './purposes/profiles.ts'
import { type AppendDeps, appendEntry } from './registry/ledger.ts'
import { type SandboxAgreement, sandboxAgreements } from './sandbox-agreements.ts'
import { type EntityIds, entityIds } from './trust/entity-id.ts'
import type {
  Authorization,
  Entity,
  Fact,
  Jurisdiction,
  LocalizedName,
  PermittedClaims,
  Recognition,
  StatusEvent,
  TrustAnchor,
} from './trust/facts.ts'
import { purposeResource } from './trust/snapshot.ts'

type SandboxState = Pick<Jurisdiction, 'country' | 'bloc' | 'name' | 'levels'> & {
  issuingAuthority: string
}

type SandboxRelyingParty = {
  id: string
  country: string
  name: LocalizedName
  /** Any port: on loopback that is how native applications redirect (RFC 8252 7.3). */
  redirectUris: string[]
  purposes: string[]
}

const relyingParty = (id: string, country: string, name: string, ...purposes: string[]) => ({
  id,
  country,
  name: { en: `${name} (sandbox)` },
  redirectUris: ['http://localhost/callback'],
  purposes,
})

export const sandboxRelyingParties: readonly SandboxRelyingParty[] = [
  relyingParty('bank-sg', 'SG', 'Merlion Bank', 'bank-kyc'),
  relyingParty('telco-my', 'MY', 'Kenyalang Telecom', 'sim-registration'),
  relyingParty('shop-th', 'TH', 'Chang Market', 'age-check', 'qr-payment-consent'),
  relyingParty('employer-jp', 'JP', 'Sakura Works', 'labour-mobility'),
  relyingParty('customs-vn', 'VN', 'Sen Forwarding', 'customs-declarant'),
  relyingParty('bank-ph', 'PH', 'Sampaguita Bank', 'merchant-onboarding'),
  relyingParty('esign-id', 'ID', 'Garuda Sign', 'e-signature'),
  relyingParty('gov-bn', 'BN', 'Simpur Portal', 'gov-service-login'),
]

/** What every state's issuer issues. */
const credentialTypes: readonly string[] = ['urn:gerbang:pid:1', 'urn:gerbang:age:1']

type SandboxWorld = {
  origin: string
  now: Date
  states: Iterable<SandboxState>
  /** Issuer CAs by country code in lower case. Certificates are base64 DER. */
  anchors: Readonly<Record<string, string>>
  readerCa: string
  walletProviderCa: string
}

const day = 86_400

/**
 * The facts with which the sandbox begins: twelve states, their authorities, issuers and anchors, the
 * purposes, the relying parties, and who recognises whom. All of it is illustrative. It counts from a
 * year ago, so that questions about the past have answers. No secret and no person is among it.
 */
export async function sandboxGenesis(world: SandboxWorld): Promise<Fact[]> {
  const states = new Map([...world.states].map((state) => [state.country, state]))
  const since = toNumericDate(world.now) - 365 * day
  const countries = [...states.keys()]
  const ids = entityIds(world.origin)
  const parties = sandboxRelyingParties.filter(({ country }) => states.has(country))
  const agreements = sandboxAgreements.filter(
    ({ recogniser, recognised }) => states.has(recogniser) && states.has(recognised),
  )
  const facts: Fact[] = [
    ...[...states.values()].map((state) => jurisdiction(state, since)),
    ...entities(ids, [...states.values()], parties, since),
    ...(await trustAnchors(world, ids, countries, since)),
    ...countries.flatMap((country) => issuing(ids, country, since)),
    ...purposeProfiles.map((profile) => ({
      type: 'purpose' as const,
      version: 1,
      ...profile,
      validFrom: since,
    })),
    ...parties.flatMap((party) => requesting(ids, party, since)),
    ...agreements.map((agreement) => recognition(agreement, states, since, world.now)),
  ]
  const events = [
    ...facts.flatMap((fact) => granted(fact, since)),
    ...agreements.flatMap((agreement) => suspended(agreement, world.now)),
  ]
  return [...facts, ...events]
}

/**
 * Puts the first entry into an empty ledger; one that holds anything is left alone. Two processes may
 * start at once: position 0 is taken once, and who comes second finds the same world.
 */
export async function ensureGenesis(
  deps: AppendDeps,
  facts: () => Promise<readonly Fact[]>,
): Promise<void> {
  if ((await deps.ledger.position()) >= 0) return
  const genesis = { kind: 'genesis', actor: 'sandbox', position: 0 }
  const appended = await appendEntry(deps, { ...genesis, facts: await facts() })
  if (!appended.ok && (await deps.ledger.position()) < 0) throw new Error(appended.error.detail)
}

function jurisdiction(
  { country, name, bloc, levels }: SandboxState,
  validFrom: number,
): Jurisdiction {
  return { type: 'jurisdiction', country, version: 1, name, bloc, levels, validFrom }
}

function entities(
  ids: EntityIds,
  states: readonly SandboxState[],
  parties: readonly SandboxRelyingParty[],
  validFrom: number,
): Entity[] {
  const entity = (
    id: string,
    country: string,
    role: Entity['role'],
    name: LocalizedName,
  ): Entity => ({ type: 'entity', id, version: 1, country, role, name, validFrom })
  return [
    entity(ids.sandbox, 'ZZ', 'authority', { en: 'gerbang sandbox' }),
    entity(ids.walletProvider, 'ZZ', 'wallet_provider', { en: 'Wallet provider (sandbox)' }),
    ...states.flatMap(({ country, name, issuingAuthority }) => [
      entity(ids.authority(country), country, 'authority', { en: issuingAuthority }),
      entity(ids.issuer(country), country, 'issuer', { en: `Issuer of ${name.en} (sandbox)` }),
    ]),
    ...parties.map(({ id, country, name, redirectUris }) => ({
      ...entity(ids.relyingParty(id), country, 'relying_party', name),
      redirectUris,
    })),
  ]
}

function trustAnchors(
  { anchors, readerCa, walletProviderCa }: SandboxWorld,
  ids: EntityIds,
  countries: readonly string[],
  validFrom: number,
): Promise<TrustAnchor[]> {
  const anchor = async (
    entity: string,
    use: TrustAnchor['use'],
    certificate: string,
  ): Promise<TrustAnchor> => {
    const id = await x509Hash(certificate)
    return { type: 'trust_anchor', id, entity, use, certificate, validFrom }
  }
  const issuerCas = countries.flatMap((country) => {
    const certificate = anchors[country.toLowerCase()]
    return certificate ? [anchor(ids.authority(country), 'issuer_ca', certificate)] : []
  })
  return Promise.all([
    ...issuerCas,
    anchor(ids.sandbox, 'reader_ca', readerCa),
    anchor(ids.walletProvider, 'wallet_provider_ca', walletProviderCa),
  ])
}

function issuing(ids: EntityIds, country: string, validFrom: number): Authorization[] {
  return credentialTypes.map((resource) => ({
    type: 'authorization',
    id: `issue:${country.toLowerCase()}:${resource}`,
    version: 1,
    authority: ids.authority(country),
    subject: ids.issuer(country),
    action: 'issue',
    resource,
    validFrom,
  }))
}

function requesting(
  ids: EntityIds,
  { id, country, purposes }: SandboxRelyingParty,
  validFrom: number,
): Authorization[] {
  return purposes.map((code) => ({
    type: 'authorization',
    id: `request:${id}:${code}`,
    version: 1,
    authority: ids.authority(country),
    subject: ids.relyingParty(id),
    action: 'request',
    resource: purposeResource(code),
    claims: claimsOf(code),
    validFrom,
  }))
}

const claimsOf = (code: string): PermittedClaims[] =>
  purposeProfiles.find((purpose) => purpose.code === code)?.claims ?? []

const agreementId = ({ recogniser, recognised }: SandboxAgreement) =>
  `${recogniser}-${recognised}`.toLowerCase()

function recognition(
  agreement: SandboxAgreement,
  states: ReadonlyMap<string, SandboxState>,
  validFrom: number,
  now: Date,
): Recognition {
  const { recogniser, recognised, purposes, maxProofing, maxAuthn, fate } = agreement
  const pair = [states.get(recogniser), states.get(recognised)]
  const withinAsean = pair.every((state) => state?.bloc === 'ASEAN')
  const id = agreementId(agreement)
  return {
    type: 'recognition',
    id,
    version: 1,
    recogniser,
    recognised,
    credentialTypes: [
      ...new Set(purposes.flatMap(claimsOf).map(({ credentialType }) => credentialType)),
    ],
    purposes,
    levels: states.get(recognised)?.levels ?? [],
    maxProofing,
    maxAuthn,
    transferBases: withinAsean ? ['asean-model-contractual-clauses', 'consent'] : ['consent'],
    legalBasis: 'sandbox',
    agreement: `urn:gerbang:agreement:sandbox:${id}`,
    validFrom,
    ...(fate === 'expired' && { validTo: toNumericDate(now) - 30 * day }),
  }
}

function granted(fact: Fact, effectiveFrom: number): StatusEvent[] {
  if (fact.type === 'jurisdiction' || fact.type === 'purpose' || fact.type === 'status') return []
  const target = { type: fact.type, id: fact.id }
  return [{ type: 'status', target, status: 'granted', effectiveFrom, reason: 'initial' }]
}

function suspended(agreement: SandboxAgreement, now: Date): StatusEvent[] {
  if (agreement.fate !== 'suspended') return []
  const target = { type: 'recognition', id: agreementId(agreement) } as const
  const effectiveFrom = toNumericDate(now) - 30 * day
  return [
    { type: 'status', target, status: 'suspended', effectiveFrom, reason: 'agreement-breach' },
  ]
}
