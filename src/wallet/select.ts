import {
  type ClaimsPathPointer,
  type LocatedClaim,
  locateClaims,
} from '../credential/claims-path-pointer.ts'
import { authorityKeyIds } from '../credential/x509.ts'
import { type ClaimsQuery, type CredentialQuery, type DcqlQuery, typesOf } from './dcql.ts'
import { type HeldCredential, typeOf } from './held-credential.ts'
import { readHeldMdoc } from './held-mdoc.ts'
import { readHeldSdJwt } from './held-sd-jwt.ts'

/** A held credential that answers a credential query, and what of it is to be shown. */
export type Selection<C = HeldCredential> = {
  queryId: string
  credential: C
  /** The claims that were asked for and are shown, as the query points at them. */
  paths: ClaimsPathPointer[]
  /** Where those claims are in the credential, one by one. */
  claims: ClaimsPathPointer[]
}

/**
 * Answers a DCQL query (OpenID4VP 1.0 6.4) from what is held, showing as little as satisfies it, or
 * undefined when it cannot be satisfied. Of several fitting credentials the newest is taken; credential
 * sets that are not required are answered only where the holder says so.
 */
export async function select(
  query: DcqlQuery,
  held: readonly HeldCredential[],
  { optional = false } = {},
): Promise<Selection[] | undefined> {
  const answers = new Map<string, Selection>()
  for (const credentialQuery of query.credentials) {
    const answer = await answerTo(credentialQuery, held)
    if (answer) answers.set(credentialQuery.id, answer)
  }
  const ids = idsToAnswer(query, answers, optional)
  return ids && [...new Set(ids)].flatMap((id) => answers.get(id) ?? [])
}

/** Which credential queries to answer (OpenID4VP 1.0 6.4.2), or undefined. */
function idsToAnswer(
  { credentials, credential_sets: sets }: DcqlQuery,
  answers: ReadonlyMap<string, Selection>,
  optional: boolean,
): string[] | undefined {
  const satisfied = (ids: string[]) => ids.every((id) => answers.has(id))
  if (!sets) {
    const ids = credentials.map(({ id }) => id)
    return satisfied(ids) ? ids : undefined
  }
  const chosen = sets
    .filter(({ required = true }) => required || optional)
    .map(({ required = true, options }) => options.find(satisfied) ?? (required ? undefined : []))
  return chosen.includes(undefined) ? undefined : chosen.flatMap((ids) => ids ?? [])
}

async function answerTo(
  query: CredentialQuery,
  held: readonly HeldCredential[],
): Promise<Selection | undefined> {
  for (const credential of held.toReversed()) {
    if (query.format !== credential.format) continue
    if (!typesOf(query).includes(typeOf(credential))) continue
    if (!(await comesFromTrusted(query, credential))) continue
    const shown = claimsToShow(query, credential)
    if (!shown) continue
    return {
      queryId: query.id,
      credential,
      paths: shown.map(({ path }) => path),
      claims: shown.flatMap(({ selected }) => selected.map(({ at }) => at)),
    }
  }
  return undefined
}

/** OpenID4VP 1.0 6.1.1. Of its types this wallet can tell `aki` only; what it cannot tell, it denies. */
async function comesFromTrusted(
  { trusted_authorities: asked }: CredentialQuery,
  credential: HeldCredential,
): Promise<boolean> {
  if (!asked) return true
  const isMdoc = credential.format === 'mso_mdoc'
  const { x5c } = await (isMdoc ? readHeldMdoc(credential) : readHeldSdJwt(credential))
  const keyIds = authorityKeyIds(x5c)
  return asked.some(({ type, values }) => type === 'aki' && values.some((v) => keyIds.includes(v)))
}

type ClaimToShow = { path: ClaimsPathPointer; selected: LocatedClaim[] }

/** OpenID4VP 1.0 6.4.1: no claims, all of them, or the first claim set that can be had in whole. */
function claimsToShow(
  { claims = [], claim_sets: sets }: CredentialQuery,
  credential: HeldCredential,
): ClaimToShow[] | undefined {
  const options = sets?.map((ids) => claims.filter(({ id = '' }) => ids.includes(id))) ?? [claims]
  return options
    .map((option) => option.map((claim) => claimToShow(claim, credential)))
    .find((option): option is ClaimToShow[] => !option.includes(undefined))
}

/** Where `values` are asked for, only what has one of them is shown (OpenID4VP 1.0 6.3). */
function claimToShow(
  { path, values }: ClaimsQuery,
  { claims }: HeldCredential,
): ClaimToShow | undefined {
  const found = locateClaims(claims, path)
  const selected = values
    ? found.filter(({ value }) => values.some((allowed) => allowed === value))
    : found
  return selected.length > 0 ? { path, selected } : undefined
}
