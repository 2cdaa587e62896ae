import { shortId } from './entity-id.ts'
import type {
  Authorization,
  Country,
  Entity,
  Jurisdiction,
  KnownFact,
  Purpose,
  Recognition,
  StatusEvent,
  TrustAnchor,
} from './facts.ts'
import type { KnownEvent } from './standing.ts'

/** Versions of one thing, by its id, in no order. */
export type Versions<F> = ReadonlyMap<string, readonly F[]>

/** Facts by what is asked about them. Every question of a verification is one look into a map. */
export type FactIndex = ReturnType<typeof indexFacts>

/** Joins names that outsiders may have chosen, so that no two lists of names share a key. */
export const key = (...parts: string[]) => JSON.stringify(parts)

export const targetKey = ({ type, id }: StatusEvent['target']) => key(type, id)

/** Sorts facts into maps. The order in which they come makes no difference. */
export function indexFacts(facts: Iterable<KnownFact>) {
  const jurisdictions = new Map<Country, Jurisdiction[]>()
  const entities = new Map<string, Entity[]>()
  const relyingParties = new Map<string, Set<string>>()
  const anchors = new Map<string, TrustAnchor>()
  const purposes = new Map<string, Purpose[]>()
  const issuers = new Map<string, Set<string>>()
  const authorizations = new Map<string, Map<string, Authorization[]>>()
  const recognitions = new Map<string, Map<string, Recognition[]>>()
  const histories = new Map<string, KnownEvent[]>()

  for (const fact of facts) {
    switch (fact.type) {
      case 'jurisdiction':
        bucket(jurisdictions, fact.country, newList<Jurisdiction>).push(fact)
        break
      case 'entity':
        bucket(entities, fact.id, newList<Entity>).push(fact)
        if (fact.role === 'relying_party') {
          bucket(relyingParties, shortId(fact.id), newSet).add(fact.id)
        }
        break
      case 'trust_anchor':
        anchors.set(fact.id, fact)
        break
      case 'purpose':
        bucket(purposes, fact.code, newList<Purpose>).push(fact)
        break
      case 'authorization': {
        if (fact.action === 'issue') {
          bucket(issuers, key(fact.authority, fact.resource), newSet).add(fact.subject)
        }
        const about = key(fact.action, fact.subject, fact.resource)
        bucket(bucket(authorizations, about, newVersions<Authorization>), fact.id, newList).push(
          fact,
        )
        break
      }
      case 'recognition': {
        const pair = key(fact.recogniser, fact.recognised)
        bucket(bucket(recognitions, pair, newVersions<Recognition>), fact.id, newList).push(fact)
        break
      }
      case 'status':
        bucket(histories, targetKey(fact.target), newList<KnownEvent>).push(fact)
    }
  }
  return {
    jurisdictions,
    entities,
    relyingParties,
    anchors,
    purposes,
    issuers,
    authorizations,
    recognitions,
    histories,
  }
}

function bucket<V>(map: Map<string, V>, at: string, empty: () => V): V {
  const found = map.get(at) ?? empty()
  map.set(at, found)
  return found
}

const newSet = () => new Set<string>()
const newList = <F>(): F[] => []
const newVersions = <F>() => new Map<string, F[]>()
