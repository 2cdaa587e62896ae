import { encodeBase64url } from '../credential/base64url.ts'
import type { CredentialStatus } from '../credential/credential-status.ts'
import { sha256 } from '../credential/digest.ts'
import { isJsonObject, type JsonObject } from '../credential/json.ts'
import { type SdJwtVc, verifySdJwtVc } from '../credential/sd-jwt-vc.ts'
import type { KeyRing } from '../platform/keys.ts'
import { type Finding, fail, pass, type Result, skip } from '../result.ts'
import type { Country } from '../trust/facts.ts'
import { judge, type TrustDecision } from '../trust/judge.ts'
import type { Snapshot } from '../trust/snapshot.ts'
import type { Check } from './checks.ts'
import { onOneLine, pathName, trimClaims } from './claims-path-pointer.ts'
import type { CredentialQuery, DcqlQuery } from './dcql.ts'
import { type CredentialMatch, matchCredential } from './dcql-evaluate.ts'
import { pairwiseToken } from './person-token.ts'
import type { Presented } from './vp-token.ts'

/** The status of a credential as of an instant; the refusal says why it cannot be known. */
export type StatusOf = (
  reference: { uri: string; idx: number },
  /** Entity identifier. */
  issuer: string,
  at: Date,
) => Promise<Result<CredentialStatus, string>>

export type JudgeDeps = { keys: Pick<KeyRing, 'mac' | 'macKeyId'>; statusOf: StatusOf }

/** What a presentation is held to: all of it was decided before the presentation came. */
export type Question = {
  query: DcqlQuery
  issuers?: readonly Country[]
  nonce: string
  /** The client_id with its prefix. */
  audience: string
  /** Entity identifier. */
  relyingParty: string
  purpose: string
  at: Date
}

/** What a relying party gets of a credential that passed, in wire form. */
export type ReleasedCredential = {
  format: string
  type: string
  issuer: { id: string; country: Country }
  claims: JsonObject
  assurance: { proofing: string; authn: string; national: string | null }
  recognition: { id: string; recogniser: string; recognised: string; agreement: string } | null
  status: 'valid'
}

export type JudgedPresentation = {
  queryId: string
  /** Base64url SHA-256 of the presentation as it was sent. */
  sha256: string
  findings: Finding<Check>[]
  type?: string
  decision?: TrustDecision
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
  snapshot: Snapshot,
  { queryId, presentation }: Presented,
): Promise<JudgedPresentation> {
  const { nonce, audience, at } = question
  const identity = { queryId, sha256: encodeBase64url(await sha256(presentation)) }
  const anchors = snapshot.anchors('issuer_ca', at)
  const policy = { at, anchors, keyBinding: { nonce, audience } }
  const { findings, credential } = await verifySdJwtVc(presentation, policy)
  if (!credential) return { ...identity, findings: [...findings, ...notReached] }

  const { vct: type, anchor, issuer } = credential
  const national = assuranceLevel(credential)
  const { relyingParty, purpose } = question
  const decision = judge(
    { at, anchor, issuer, credentialType: type, national, relyingParty, purpose },
    snapshot,
  )
  const query = question.query.credentials.find(({ id }) => id === queryId)
  if (!query) throw new Error('a presentation answers a query that was not asked')
  const match = matchCredential(query, { format: 'dc+sd-jwt', type, ...credential })
  const all: Finding<Check>[] = [
    ...findings,
    ...(await statusFindings(deps, credential, decision, at)),
    ...decision.findings,
    ...match.findings,
    issuersFinding(question.issuers, decision),
    surplusFinding(credential, match),
  ]
  const judged = { ...identity, findings: all, type, decision }
  if (all.some(({ outcome }) => outcome === 'fail')) return judged
  return { ...judged, released: await release(deps, question, query, credential, decision, match) }
}

/** What is not judged of a credential that is not what it claims to be. */
const notReached: Finding<Check>[] = (
  [
    ...['status.list', 'status.value', 'trust.anchor', 'trust.issuer', 'trust.recognition'],
    ...['assurance.proofing', 'assurance.authn', 'query.type', 'query.authorities', 'query.claims'],
    ...['query.values', 'query.issuers', 'query.surplus'],
  ] as Check[]
).map((check) => skip(check, 'Not judged: what the credential says cannot be relied upon.'))

/** The statement of the national scheme (OpenID Connect for Identity Assurance 1.0 5.4.2). */
function assuranceLevel({ claims: { verification } }: SdJwtVc): string | undefined {
  const level = isJsonObject(verification) ? verification.assurance_level : undefined
  return typeof level === 'string' ? level : undefined
}

/** A status list is asked for only on behalf of an issuer that we know: anyone else could send us anywhere. */
async function statusFindings(
  { statusOf }: JudgeDeps,
  { status: reference }: SdJwtVc,
  { issuer }: TrustDecision,
  at: Date,
): Promise<Finding<Check>[]> {
  const both = (why: string) => [skip('status.list', why), skip('status.value', why)] as const
  if (!reference) return [...both('The credential has no status reference: it ends by itself.')]
  if (!issuer) return [...both('Not asked: the issuer is not known.')]
  const status = await statusOf(reference, issuer.id, at)
  if (!status.ok) {
    return [fail('status.list', status.error), skip('status.value', 'Not known without the list.')]
  }
  return [
    pass('status.list', 'The status could be looked up.'),
    status.value === 'valid'
      ? pass('status.value', 'The credential is valid.')
      : fail('status.value', `The credential is ${words[status.value]}.`),
  ]
}

const words = { invalid: 'revoked', suspended: 'suspended' }

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

function surplusFinding({ disclosed }: SdJwtVc, { paths }: CredentialMatch): Finding<Check> {
  const surplus = disclosed.filter((shown) => !paths.some((path) => onOneLine(path, shown)))
  if (surplus.length === 0) return pass('query.surplus', 'Nothing was shown beyond the request.')
  const names = surplus.map(pathName).join(', ').slice(0, 500)
  return pass('query.surplus', `Shown beyond the request, verified and dropped: ${names}.`)
}

async function release(
  { keys }: JudgeDeps,
  { relyingParty }: Question,
  { format }: CredentialQuery,
  { vct: type, claims: shown }: SdJwtVc,
  { issuer, assurance, recognition }: TrustDecision,
  { paths }: CredentialMatch,
): Promise<ReleasedCredential> {
  if (!issuer || !assurance) throw new Error('no check failed, and yet the issuer is not known')
  const claims = trimClaims(shown, paths)
  const { person_token: token } = claims
  if (token !== undefined) {
    // Whatever stands there, the raw value never leaves.
    const framed = JSON.stringify(token)
    claims.person_token = await pairwiseToken(keys, {
      issuer: issuer.id,
      token: typeof token === 'string' ? token : framed,
      sector: relyingParty,
    })
  }
  return {
    format,
    type,
    issuer,
    claims,
    assurance,
    recognition: recognition
      ? {
          id: recognition.id,
          recogniser: recognition.recogniser,
          recognised: recognition.recognised,
          agreement: recognition.agreement,
        }
      : null,
    status: 'valid',
  }
}
