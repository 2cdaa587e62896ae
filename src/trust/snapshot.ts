import { commonClaims, unitedClaims } from './claim-path.ts'
import { type FactIndex, indexFacts, key, targetKey, type Versions } from './fact-index.ts'
import type {
  Authorization,
  Country,
  Entity,
  Jurisdiction,
  KnownFact,
  PermittedClaims,
  Purpose,
  Recognition,
  StatusEvent,
  TrustAnchor,
} from './facts.ts'
import { perSecond } from './per-second.ts'
import { type Standing, type Status, standingAt, statusAt } from './standing.ts'
import { versionAt, versionInForce } from './version.ts'

/** A fact, in the version that counts at the instant asked about, and where it stands then. */
export type Standings<F> = { fact: F; standing: Standing }

/** What an entity is, in every version of it. */
export type EntityIdentity = Pick<Entity, 'id' | 'country' | 'role'>

/** Who may do what to which resource, without saying on whose authority. */
type AuthorizationQuestion = Pick<Authorization, 'action' | 'subject' | 'resource'>

/**
 * What the registry knew at a ledger position, compiled for questions about any instant.
 *
 * It never changes: a later position is another snapshot. Every lookup goes by map, so that a
 * hundred thousand issuers cost the same as ten. What it does not know is `undefined`.
 */
export type Snapshot = {
  position: number
  /** In alphabetical order. */
  countries: readonly Country[]
  country(code: Country, at: Date): Jurisdiction | undefined
  /** Whether it is in force, its status says. */
  entity(id: string): EntityIdentity | undefined
  /** By entity identifier, or by its last segment where no other relying party has the same. */
  relyingParty(id: string, at: Date): Entity | undefined
  /** All of them, in the order of their identifiers. */
  relyingParties(at: Date): Entity[]
  purpose(code: string, at: Date): Purpose | undefined
  /** All of them, in the order of their codes. */
  purposes(at: Date): Purpose[]
  status(target: StatusEvent['target'], at: Date): Status
  trustAnchor(id: string, at: Date): Standings<TrustAnchor> | undefined
  /** Those in force whose entity is granted too. Each serves as a trusted certificate as it is. */
  anchors(use: TrustAnchor['use'], at: Date): readonly TrustAnchor[]
  /** Those that are on file and not in force. */
  otherAnchors(use: TrustAnchor['use'], at: Date): readonly TrustAnchor[]
  /** By any authority; what is in force comes first. */
  authorizations(asked: AuthorizationQuestion, at: Date): readonly Standings<Authorization>[]
  /** Everyone whom the authority ever authorised to issue this credential type. */
  issuers(authority: string, credentialType: string): ReadonlySet<string>
  /** What a relying party may ask for a purpose, by all its permissions; undefined: not at all. */
  permitted(relyingParty: string, purpose: string, at: Date): readonly PermittedClaims[] | undefined
  /** How one country recognises another; what is in force comes first. */
  recognitions(
    recogniser: Country,
    recognised: Country,
    at: Date,
  ): readonly Standings<Recognition>[]
  /** All recognitions, whatever their standing, in the order of their ids. */
  recognitionsAt(at: Date): readonly Standings<Recognition>[]
}

/** Compiles what was known at a position: facts learnt later are left out. */
export function compileSnapshot(facts: Iterable<KnownFact>, position: number): Snapshot {
  return answers(indexFacts(knownAt(facts, position)), position)
}

function* knownAt(facts: Iterable<KnownFact>, position: number) {
  for (const fact of facts) if (fact.position <= position) yield fact
}

export const purposeResource = (code: string) => `urn:gerbang:purpose:${code}`

function answers(index: FactIndex, position: number): Snapshot {
  const history = (target: StatusEvent['target']) => index.histories.get(targetKey(target)) ?? []
  const isGranted = (id: string, at: Date) =>
    statusAt(history({ type: 'entity', id }), at) === 'granted'
  const speaksFor = (authority: string, subject: Entity, at: Date) => {
    const speaker = self.entity(authority)
    const isAuthority = speaker?.role === 'authority' && speaker.country === subject.country
    return isAuthority && isGranted(speaker.id, at)
  }
  const judged = <F extends TrustAnchor | Authorization | Recognition>(fact: F, at: Date) => ({
    fact,
    standing: standingAt(fact, history(fact), at),
  })
  const judgedVersions = <F extends Authorization | Recognition>(
    found: Versions<F> | undefined,
    at: Date,
  ) =>
    [...(found?.values() ?? [])]
      .flatMap((versions) => versionAt(versions, at) ?? [])
      .map((fact) => judged(fact, at))
      .sort(inForceFirst)

  const anchors = perSecond((at, use: TrustAnchor['use']) =>
    [...index.anchors.values()]
      .filter((anchor) => anchor.use === use && isGranted(anchor.entity, at))
      .filter((anchor) => judged(anchor, at).standing === 'granted'),
  )
  const permitted = perSecond((at, id: string, code: string) => {
    const subject = self.relyingParty(id, at)
    const purpose = self.purpose(code, at)
    if (!subject || !purpose || !isGranted(subject.id, at)) return undefined
    const question = { subject: subject.id, resource: purposeResource(code) }
    const permissions = self
      .authorizations({ action: 'request', ...question }, at)
      .filter(({ standing }) => standing === 'granted')
      .filter(({ fact }) => speaksFor(fact.authority, subject, at))
    if (permissions.length === 0) return undefined
    const claims = permissions.flatMap(({ fact }) => fact.claims ?? [])
    return commonClaims(unitedClaims(claims), purpose.claims)
  })

  const self: Snapshot = {
    position,
    countries: [...index.jurisdictions.keys()].sort(),
    country: (code, at) => versionInForce(index.jurisdictions.get(code), at),
    entity: (id) => index.entities.get(id)?.[0],
    relyingParty(id, at) {
      const [only, another] = index.relyingParties.get(id) ?? []
      const versions = index.entities.get(another === undefined ? (only ?? id) : id)
      const found = versionInForce(versions, at)
      return found?.role === 'relying_party' ? found : undefined
    },
    relyingParties: (at) =>
      [...index.relyingParties.values()]
        .flatMap((ids) => [...ids].flatMap((id) => self.relyingParty(id, at) ?? []))
        .sort((a, b) => compare(a.id, b.id)),
    purpose: (code, at) => versionInForce(index.purposes.get(code), at),
    purposes: (at) =>
      [...index.purposes.keys()].sort(compare).flatMap((code) => self.purpose(code, at) ?? []),
    status: (target, at) => statusAt(history(target), at),
    trustAnchor(id, at) {
      const anchor = index.anchors.get(id)
      return anchor && judged(anchor, at)
    },
    anchors: (use, at) => anchors(at, use),
    otherAnchors(use, at) {
      const inForce = new Set(self.anchors(use, at))
      return [...index.anchors.values()].filter(
        (anchor) => anchor.use === use && !inForce.has(anchor),
      )
    },
    authorizations: ({ action, subject, resource }, at) =>
      judgedVersions(index.authorizations.get(key(action, subject, resource)), at),
    issuers: (authority, type) => index.issuers.get(key(authority, type)) ?? new Set(),
    permitted: (id, code, at) => permitted(at, id, code),
    recognitions: (recogniser, recognised, at) =>
      judgedVersions(index.recognitions.get(key(recogniser, recognised)), at),
    recognitionsAt: (at) =>
      [...index.recognitions.values()]
        .flatMap((found) => judgedVersions(found, at))
        .sort((a, b) => compare(a.fact.id, b.fact.id)),
  }
  return self
}

/** Of several in force, the one that began last comes first. */
function inForceFirst<F extends Authorization | Recognition>(a: Standings<F>, b: Standings<F>) {
  const rank = ({ standing }: Standings<F>) => (standing === 'granted' ? 0 : 1)
  return rank(a) - rank(b) || b.fact.validFrom - a.fact.validFrom || compare(a.fact.id, b.fact.id)
}

const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)
