import {
  type ClaimsPathPointer,
  type LocatedClaim,
  locateClaims,
  onOneLine,
} from '../credential/claims-path-pointer.ts'
import { parseJsonObject } from '../credential/json.ts'
import { parseSdJwt, revealDisclosures } from '../credential/sd-jwt.ts'
import { authorityKeyIds } from '../credential/x509.ts'
import type { ClaimsQuery, CredentialQuery, DcqlQuery } from './dcql.ts'
import type { HeldCredential } from './held-credential.ts'
import { insist } from './rule.ts'

/** A held credential that answers a credential query, and what of it is to be shown. */
export type Selection = {
  queryId: string
  credential: HeldCredential
  /** The claims that were asked for and are shown, as the query points at them. */
  paths: ClaimsPathPointer[]
  /** Exactly those disclosures that reveal them, in the order of issuance. */
  disclosures: string[]
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
  if (query.format !== 'dc+sd-jwt') return undefined
  for (const credential of held.toReversed()) {
    if (!query.meta.vct_values?.includes(credential.vct)) continue
    const { x5c, disclosures } = await readHeld(credential)
    if (!comesFromTrusted(query, x5c)) continue
    const shown = claimsToShow(query, credential)
    if (!shown) continue
    const claims = shown.flatMap(({ selected }) => selected.map(({ at }) => at))
    // A claim needs what reveals it, and what is around it, for without its parents a disclosure stays
    // dark (RFC 9901 6.3); and who asks for an object or an array asks for what is inside.
    return {
      queryId: query.id,
      credential,
      paths: shown.map(({ path }) => path),
      disclosures: disclosures
        .filter(({ path }) => claims.some((claim) => onOneLine(path, claim)))
        .map(({ disclosure }) => disclosure),
    }
  }
  return undefined
}

export type HeldDisclosure = { disclosure: string; path: ClaimsPathPointer }

/** What is held was checked when it came in, so that only a fault of ours can make it unreadable. */
export async function readHeld({
  sdJwt: text,
}: HeldCredential): Promise<{ x5c: string[]; issuerJwt: string; disclosures: HeldDisclosure[] }> {
  const sdJwt = parseSdJwt(text)
  insist(sdJwt.ok, 'The wallet holds something that is no SD-JWT')
  const { jws, issuerJwt, disclosures } = sdJwt.value
  const revealed = await revealDisclosures(parseJsonObject(jws.payload) ?? {}, disclosures)
  insist(revealed.ok, 'The wallet holds an SD-JWT whose disclosures do not fit')
  const { x5c } = jws.header
  return {
    x5c: Array.isArray(x5c) ? x5c.filter((der) => typeof der === 'string') : [],
    issuerJwt,
    disclosures: disclosures.map((disclosure, i) => ({
      disclosure,
      path: revealed.value.paths[i] ?? [],
    })),
  }
}

/** OpenID4VP 1.0 6.1.1. Of its types this wallet can tell `aki` only; what it cannot tell, it denies. */
function comesFromTrusted({ trusted_authorities: asked }: CredentialQuery, x5c: string[]): boolean {
  if (!asked) return true
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
