import {
  type ClaimsPathPointer,
  pathName,
  selectClaims,
} from '../credential/claims-path-pointer.ts'
import type { Json, JsonObject } from '../credential/json.ts'
import { type Finding, fail, pass, skip } from '../result.ts'
import { partsOf } from './asked-claims.ts'
import {
  type ClaimsQuery,
  type CredentialQuery,
  credentialTypesOf,
  type DcqlQuery,
} from './dcql.ts'

export type QueryCheck =
  | 'query.type'
  | 'query.authorities'
  | 'query.claims'
  | 'query.values'
  | 'query.credentials'

/** A credential whose signatures are already believed, and its claims as the wallet showed them. */
export type Candidate = {
  format: string
  type: string
  authorityKeyIds: readonly string[]
  claims: JsonObject
}

/** What a credential query finds in a credential; `paths` are those that it asks for and that count. */
export type CredentialMatch = { findings: Finding<QueryCheck>[]; paths: ClaimsPathPointer[] }

/**
 * Holds one credential to one credential query (OpenID4VP 1.0 6.1, 6.4.1). The wallet was told the same
 * and is believed in nothing (14.11): what it should have done is done again here. Of what is shown in
 * whole, the `parts` that are wanted must be there.
 */
export function matchCredential(
  query: CredentialQuery,
  candidate: Candidate,
  parts: readonly ClaimsPathPointer[] = [],
): CredentialMatch {
  const asked = claimsAsked(query, candidate.claims, parts)
  return {
    findings: [
      typeFinding(query, candidate),
      authoritiesFinding(query, candidate),
      claimsFinding(asked),
      valuesFinding(asked),
    ],
    paths: asked.map(({ claim }) => claim.path),
  }
}

/**
 * Holds the credentials that are there, by query id, to the query as a whole (OpenID4VP 1.0 6.4.2).
 *
 * `needed` are those to be released: of each credential set the first option that is there in whole.
 */
export function matchCredentialSets(
  { credentials, credential_sets: sets }: DcqlQuery,
  presented: ReadonlySet<string>,
): { finding: Finding<QueryCheck>; needed: ReadonlySet<string> } {
  const all = [{ options: [credentials.map(({ id }) => id)], required: true }]
  const chosen = (sets ?? all).map(({ options, required = true }) => ({
    ids: options.find((ids) => ids.every((id) => presented.has(id))),
    options,
    required,
  }))
  const missing = chosen.filter(({ ids, required }) => required && !ids)
  const needed = new Set(chosen.flatMap(({ ids }) => ids ?? []))
  const finding =
    missing.length === 0
      ? pass('query.credentials', 'Every credential that the request requires is there.')
      : fail(
          'query.credentials',
          `Not there: ${missing.map(({ options }) => optionNames(options)).join('; ')}.`,
        )
  return { finding, needed }
}

const optionNames = (options: readonly (readonly string[])[]) =>
  options.map((ids) => ids.join(' and ')).join(', or ')

function typeFinding(query: CredentialQuery, candidate: Candidate) {
  const check = 'query.type'
  const { format } = query
  if (candidate.format !== format) return fail(check, `The format is not ${format}, as asked.`)
  const wanted = credentialTypesOf(query)
  const name = format === 'mso_mdoc' ? 'doctype' : 'type'
  return wanted.includes(candidate.type)
    ? pass(check, `The ${name} is ${candidate.type}, as asked.`)
    : fail(check, `The ${name} is none of those asked for (${wanted.join(', ')}).`)
}

/** Of the types of trusted authorities only `aki` can be told from a credential; the rest matches nothing. */
function authoritiesFinding({ trusted_authorities: asked }: CredentialQuery, of: Candidate) {
  const check = 'query.authorities'
  if (!asked) return skip(check, 'The request names no trusted authorities.')
  return asked.some(
    ({ type, values }) => type === 'aki' && values.some((id) => of.authorityKeyIds.includes(id)),
  )
    ? pass(check, 'The certificate chain holds an authority that was asked for.')
    : fail(check, 'The certificate chain holds none of the authorities that were asked for.')
}

/** What a claims query finds: what of it is missing, and whether it is there with a value that was asked for. */
type LookedUp = { claim: ClaimsQuery; missing: readonly ClaimsPathPointer[]; isThere: boolean }

/** Each claim is looked up once, in however many claim sets it is. */
function lookUp(
  claim: ClaimsQuery,
  shown: JsonObject,
  parts: readonly ClaimsPathPointer[],
): LookedUp {
  const selected = selectClaims(shown, claim.path)
  const missing = saySomething(selected) ? missingParts(claim, shown, parts) : [claim.path]
  return { claim, missing, isThere: missing.length === 0 && hasValue(claim, selected) }
}

function missingParts(
  { path }: ClaimsQuery,
  shown: JsonObject,
  parts: readonly ClaimsPathPointer[],
): readonly ClaimsPathPointer[] {
  // As a rule all of a claim is wanted.
  if (parts.length === 0) return nothing
  return partsOf(path, parts).filter((part) => !saySomething(selectClaims(shown, part)))
}

const nothing: readonly ClaimsPathPointer[] = []

/** No claims, all of them, or the first claim set that is there; when none is, the one preferred. */
function claimsAsked(
  { claims = [], claim_sets: sets }: CredentialQuery,
  shown: JsonObject,
  parts: readonly ClaimsPathPointer[],
): readonly LookedUp[] {
  const all = claims.map((claim) => lookUp(claim, shown, parts))
  if (!sets) return all
  const byId = new Map(all.map((each) => [each.claim.id, each]))
  const options = sets.map((ids) => ids.flatMap((id) => byId.get(id) ?? []))
  const [preferred = all] = options
  return options.find((option) => option.every(({ isThere }) => isThere)) ?? preferred
}

/** Whether any of what a path selects is more than a husk. */
export const saySomething = (selected: readonly Json[]) => selected.some((value) => !isHusk(value))

/**
 * Whether a value tells no more than an absent one: null, blank text, and an object or array with
 * nothing else in it, whose members were all withheld (RFC 9901 6.3).
 */
function isHusk(value: Json): boolean {
  if (typeof value === 'string') return value.trim() === ''
  if (typeof value !== 'object') return false
  return value === null || Object.values(value).every(isHusk)
}

/** Type and value must be the same; of several elements one is enough (OpenID4VP 1.0 6.3). */
function hasValue({ values }: ClaimsQuery, selected: readonly Json[]): boolean {
  if (!values) return true
  const wanted = new Set<Json>(values)
  return selected.some((value) => wanted.has(value))
}

function claimsFinding(asked: readonly LookedUp[]) {
  const check = 'query.claims'
  if (asked.length === 0) return pass(check, 'The request asks for no claims of this credential.')
  const missing = asked.filter((claim) => claim.missing.length > 0)
  return missing.length === 0
    ? pass(check, `All ${asked.length} claims that were asked for are there.`)
    : fail(
        check,
        `Not shown: ${missing.flatMap((claim) => claim.missing.map(pathName)).join(', ')}.`,
      )
}

function valuesFinding(asked: readonly LookedUp[]) {
  const check = 'query.values'
  const bound = asked.filter(({ claim }) => claim.values)
  if (bound.length === 0) return skip(check, 'The request expects no particular values.')
  const others = bound.filter(({ isThere }) => !isThere)
  return others.length === 0
    ? pass(check, 'Every claim has a value that was asked for.')
    : fail(check, `Not one of the values that were asked for: ${names(others)}.`)
}

const names = (claims: readonly LookedUp[]) =>
  claims.map(({ claim }) => pathName(claim.path)).join(', ')
