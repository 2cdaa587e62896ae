import { onOneLine, pathName } from '../credential/claims-path-pointer.ts'
import { digestText } from '../credential/digest.ts'
import type { JsonObject } from '../credential/json.ts'
import { type Finding, fail, pass, skip } from '../result.ts'
import type { Country, PermittedClaims } from '../trust/facts.ts'
import { judge, type TrustDecision } from '../trust/judge.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import { type AskedQuery, wantedClaims } from './asked-claims.ts'
import type { Check } from './checks.ts'
import { registryType } from './credential-types.ts'
import { type CredentialQuery, credentialTypesOf, type DcqlQuery } from './dcql.ts'
import { type CredentialMatch, matchCredential } from './dcql-evaluate.ts'
import { matchPurpose } from './match-purpose.ts'
import {
  type Challenge,
  type PresentedCredential,
  verifyPresentation,
} from './presented-credential.ts'
import { type ReleaseDeps, type ReleasedCredential, release } from './released-credential.ts'
import { findStatus, type StatusOf } from './status.ts'
import type { Flow } from './transaction.ts'
import type { Presented } from './vp-token.ts'

export type JudgeDeps = ReleaseDeps & { statusOf: StatusOf }

/** What a presentation is held to: all of it was decided before the presentation came. */
export type Question = {
  /** Absent: there is none, and what the purpose permits is released. */
  query?: DcqlQuery
  parts?: AskedQuery['parts']
  issuers?: readonly Country[]
  /** On the same device the browser must come back; absent: nobody's browser is waited for. */
  flow?: Flow
  /** As it was sent to the wallet; absent: no transaction is to be authorised. */
  transactionData?: readonly string[]
  /** Entity identifier. */
  relyingParty: string
  purpose: string
  at: Date
} & Challenge

/** What the registry knows, and of it what it permits for the purpose; undefined: nothing. */
export type Registry = { snapshot: Snapshot; permitted: readonly PermittedClaims[] | undefined }

export type JudgedPresentation = {
  queryId: string
  /** Base64url SHA-256 of the presentation as it was sent. */
  sha256: string
  findings: Finding<Check>[]
  /** As the credential says it, and as the registry knows it. */
  type?: string
  credentialType?: string
  decision?: TrustDecision
  /** What the holder's proof says, where credential and proof can be relied upon. */
  keyBinding?: JsonObject
  /** Only when nothing failed. */
  released?: ReleasedCredential
}

/**
 * Judges one presentation: bytes, signatures, chain and key binding first, since nothing a credential
 * says counts before; then whether its issuer is to be believed, its status, and whether it is what
 * was asked for.
 */
export async function judgePresentation(
  deps: JudgeDeps,
  question: Question,
  { snapshot, permitted = [] }: Registry,
  { queryId, presentation }: Presented,
): Promise<JudgedPresentation> {
  const { at, relyingParty, purpose } = question
  const identity = { queryId, sha256: await digestText(presentation) }
  const query = question.query && credentialQuery(question.query, queryId)
  const { findings, credential } = await verifyPresentation(presentation, query?.format, {
    ...question,
    anchors: snapshot.anchors('issuer_ca', at),
    otherAnchors: () => snapshot.otherAnchors('issuer_ca', at),
  })
  if (!credential) return { ...identity, findings: [...findings, ...notReached] }

  const type = typeAskedFor(credential, query)
  const candidate = { ...credential, type }
  const credentialType = registryType(credential.format, type)
  const decision = judge({ ...credential, at, credentialType, relyingParty, purpose }, snapshot)
  const match = query
    ? matchCredential(query, candidate, question.parts)
    : matchPurpose(permitted, candidate)
  const judgedOfIt = [
    ...decision.findings,
    ...match.findings,
    issuersFinding(question.issuers, decision),
  ]
  // What is refused already need not be looked up: the list would tell its issuer who was asked.
  const issuer = judgedOfIt.some(isFailed) ? undefined : decision.issuer?.id
  const { status, ...known } = await findStatus(deps, credential.status, issuer, at)
  const all: Finding<Check>[] = [
    ...findings,
    ...known.findings,
    ...judgedOfIt,
    surplusFinding(credential, match),
  ]
  const { keyBinding } = credential
  const judged = { ...identity, findings: all, type, credentialType, decision, keyBinding }
  if (all.some(isFailed)) return judged
  const paths = match.paths.flatMap((path) =>
    wantedClaims(credential.format, type, path, permitted, question.parts),
  )
  const sound = { ...candidate, paths, decision, status }
  return { ...judged, released: await release(deps, sound, relyingParty) }
}

const isFailed = ({ outcome }: Finding) => outcome === 'fail'

/**
 * Of the types that a credential is of, the one that was asked for. That its issuer says so is no
 * reason to believe it: whether he may issue that type is judged as of any other (SD-JWT VC 7.7).
 */
function typeAskedFor({ types }: PresentedCredential, query?: CredentialQuery): string {
  const wanted = query ? credentialTypesOf(query) : []
  return types.find((type) => wanted.includes(type)) ?? types[0]
}

function credentialQuery({ credentials }: DcqlQuery, queryId: string): CredentialQuery {
  const query = credentials.find(({ id }) => id === queryId)
  if (!query) throw new Error('a presentation answers a query that was not asked')
  return query
}

/** What is not judged of a credential that is not what it claims to be. */
const notReached: Finding<Check>[] = (
  [
    ...['status.list', 'status.value', 'trust.anchor', 'trust.issuer', 'trust.recognition'],
    ...['assurance.proofing', 'assurance.authn', 'query.type', 'query.authorities', 'query.claims'],
    ...['query.values', 'query.issuers', 'query.surplus'],
  ] as Check[]
).map((check) => skip(check, 'Not judged: what the credential says cannot be relied upon.'))

function issuersFinding(
  asked: readonly Country[] | undefined,
  { issuer }: TrustDecision,
): Finding<Check> {
  const check = 'query.issuers'
  if (!asked) return skip(check, 'The request takes credentials of any state.')
  return issuer && asked.includes(issuer.country)
    ? pass(check, `${issuer.country} is among the states that were asked for.`)
    : fail(check, `The issuer is of none of the states that were asked for: ${asked.join(', ')}.`)
}

/** It refuses nothing: the holder may show more, and the relying party does not get it. */
function surplusFinding(
  { disclosed }: PresentedCredential,
  { paths }: CredentialMatch,
): Finding<Check> {
  const surplus = disclosed.filter((shown) => !paths.some((path) => onOneLine(path, shown)))
  if (surplus.length === 0) return pass('query.surplus', 'Nothing was shown beyond the request.')
  const names = surplus.map(pathName).join(', ').slice(0, 500)
  return skip('query.surplus', `Shown beyond the request, verified and dropped: ${names}.`)
}
