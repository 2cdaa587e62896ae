import { type Finding, fail, pass, skip } from '../result.ts'
import type { Authorization } from './facts.ts'
import { sufficientFirst } from './level-map.ts'
import type { TrustQuestion } from './question.ts'
import type { EntityIdentity, Snapshot, Standings } from './snapshot.ts'
import { words } from './standing.ts'

/** The authority that an anchor belongs to, whether or not the anchor is in force. */
export function judgeAnchor(
  { anchor, at }: TrustQuestion,
  snapshot: Snapshot,
): { finding: Finding<'trust.anchor'>; authority?: EntityIdentity } {
  const no = (detail: string) => fail('trust.anchor', detail)
  const found = snapshot.trustAnchor(anchor, at)
  if (found?.fact.use !== 'issuer_ca') {
    return {
      finding: no('The chain ends in no issuer anchor of the registry. Add it there first.'),
    }
  }
  const authority = snapshot.entity(found.fact.entity)
  if (authority?.role !== 'authority') {
    return { finding: no('The anchor does not belong to a national authority of the registry.') }
  }
  const { country } = authority
  if (found.standing !== 'granted') {
    const detail = `The anchor of ${country} is ${words(found.standing)}. ${country} must renew it.`
    return { authority, finding: no(detail) }
  }
  const status = snapshot.status({ type: 'entity', id: authority.id }, at)
  if (status !== 'granted') {
    const detail = `The authority of ${country} is ${status}. It must be granted again.`
    return { authority, finding: no(detail) }
  }
  return { authority, finding: pass('trust.anchor', `The anchor of ${country} is in force.`) }
}

type Issued = {
  finding: Finding<'trust.issuer'>
  issuer?: EntityIdentity
  authorization?: Authorization
}

/** Whether the authority stands behind this issuer for this credential type. */
export function judgeIssuer(
  question: TrustQuestion,
  authority: EntityIdentity | undefined,
  snapshot: Snapshot,
): Issued {
  const check = 'trust.issuer'
  if (!authority)
    return { finding: skip(check, 'Not judged: nobody known stands behind the chain.') }
  const { country } = authority
  const id = question.issuer ?? onlyIssuer(question, authority, snapshot)
  if (id === undefined) {
    const detail = `The credential names no issuer, and ${country} has not exactly one for this type.`
    return { finding: fail(check, `${detail} Name it in the credential.`) }
  }
  const issuer = snapshot.entity(id)
  if (issuer?.role !== 'issuer') {
    return { finding: fail(check, `The issuer is not in the registry. ${country} must enter it.`) }
  }
  if (issuer.country !== country) {
    const detail = `The issuer belongs to ${issuer.country}, but its chain ends at ${country}.`
    return { finding: fail(check, `${detail} It must be certified by its own state.`) }
  }
  const status = snapshot.status({ type: 'entity', id }, question.at)
  const authorization = authorizationOf(question, authority, id, snapshot)
  const known = { issuer, ...(authorization && { authorization: authorization.fact }) }
  if (status !== 'granted') {
    const detail = `The issuer is ${status}. ${country} must grant it again.`
    return { ...known, finding: fail(check, detail) }
  }
  if (authorization?.standing !== 'granted') {
    const detail = authorization
      ? `Its authorization for this credential type is ${words(authorization.standing)}.`
      : 'The issuer is not authorised for this credential type.'
    return { ...known, finding: fail(check, `${detail} ${country} must authorise it.`) }
  }
  const detail = `${country} authorises the issuer for this credential type.`
  return { ...known, finding: pass(check, detail) }
}

/** Of several in force, the one whose caps leave the purpose enough. */
function authorizationOf(
  { at, credentialType, purpose }: TrustQuestion,
  authority: EntityIdentity,
  subject: string,
  snapshot: Snapshot,
): Standings<Authorization> | undefined {
  const onFile = snapshot
    .authorizations({ action: 'issue', subject, resource: credentialType }, at)
    .filter(({ fact }) => fact.authority === authority.id)
  const inForce = onFile.filter(({ standing }) => standing === 'granted')
  const bySufficiency = sufficientFirst(snapshot.purpose(purpose, at) ?? {})
  const worth = ({ fact }: Standings<Authorization>) => ({
    proofing: fact.maxProofing ?? 'high',
    authn: fact.maxAuthn ?? 'high',
  })
  const [best = onFile[0]] = inForce.toSorted((a, b) => bySufficiency(worth(a), worth(b)))
  return best
}

/** The one issuer that the authority has for this type at that instant, if there is just one. */
function onlyIssuer(
  question: TrustQuestion,
  authority: EntityIdentity,
  snapshot: Snapshot,
): string | undefined {
  const known = snapshot.issuers(authority.id, question.credentialType)
  const inForce: string[] = []
  for (const id of known) {
    const standing = authorizationOf(question, authority, id, snapshot)?.standing
    if (standing === 'granted') inForce.push(id)
    if (inForce.length > 1) return undefined
  }
  // Where none is in force, the only one on file tells why not.
  return inForce[0] ?? (known.size === 1 ? [...known][0] : undefined)
}
