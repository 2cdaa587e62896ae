import * as z from 'zod/mini'
import { ok, type Result, refuse } from '../result.ts'

const list = <T extends z.ZodMiniType>(element: T, most: number) =>
  z.array(element).check(z.minLength(1), z.maxLength(most))
const text = z.string().check(z.minLength(1), z.maxLength(512))
const Id = z.string().check(z.maxLength(64), z.regex(/^[A-Za-z0-9_-]+$/))

const ClaimsQuery = z.object({
  id: z.optional(Id),
  path: list(
    z.union([z.string().check(z.maxLength(512)), z.null(), z.int().check(z.nonnegative())]),
    16,
  ),
  values: z.optional(list(z.union([z.string().check(z.maxLength(512)), z.int(), z.boolean()]), 64)),
  /** Of elements of an mdoc (B.2.4): what wallets tell people. */
  intent_to_retain: z.optional(z.boolean()),
})
const TrustedAuthorities = z.object({
  type: z.enum(['aki', 'etsi_tl', 'openid_federation']),
  values: list(text, 64),
})
const CredentialQuery = z.object({
  id: Id,
  format: text,
  multiple: z.optional(z.boolean()),
  meta: z.object({
    vct_values: z.optional(list(text, 16)),
    doctype_value: z.optional(text),
  }),
  trusted_authorities: z.optional(list(TrustedAuthorities, 8)),
  require_cryptographic_holder_binding: z.optional(z.boolean()),
  claims: z.optional(list(ClaimsQuery, 64)),
  claim_sets: z.optional(list(list(Id, 64), 16)),
})
const CredentialSetQuery = z.object({
  options: list(list(Id, 16), 16),
  required: z.optional(z.boolean()),
})
const Dcql = z.object({
  credentials: list(CredentialQuery, 16),
  credential_sets: z.optional(list(CredentialSetQuery, 16)),
})

/**
 * A DCQL query (OpenID4VP 1.0 6) in the words of the standard, since it is sent on as it stands: what
 * we do not know is no longer in it, and what refers to something refers to what is there.
 */
export type DcqlQuery = z.output<typeof Dcql>
export type CredentialQuery = z.output<typeof CredentialQuery>
export type ClaimsQuery = z.output<typeof ClaimsQuery>

/** Reads a DCQL query. Unknown properties are ignored (6); sizes are bounded; a fault is a sentence. */
export function parseDcql(value: unknown): Result<DcqlQuery, string> {
  const parsed = Dcql.safeParse(value)
  if (!parsed.success) {
    const [issue] = parsed.error.issues
    const where = issue?.path.map(String).join('.') || 'the query'
    return refuse(`${where} is missing or does not fit OpenID4VP 1.0 6.`)
  }
  const query = parsed.data
  const ids = query.credentials.map(({ id }) => id)
  if (!distinct(ids)) return refuse('credentials: two credential queries share one id.')
  const referred = query.credential_sets?.flatMap(({ options }) => options.flat()) ?? []
  if (!referred.every((id) => ids.includes(id))) {
    return refuse('credential_sets: an option names a credential query that is not there.')
  }
  if (query.credential_sets?.every(({ required }) => required === false)) {
    return refuse('credential_sets: at least one must be required, or nothing would be an answer.')
  }
  const fault = query.credentials.map(credentialFault).find((found) => found !== undefined)
  return fault === undefined ? ok(query) : refuse(fault)
}

/** The types a credential query takes, where its format says them (OpenID4VP 1.0 B.2.3, B.3.5). */
export function credentialTypesOf({ format, meta }: CredentialQuery): readonly string[] {
  if (format === 'dc+sd-jwt') return meta.vct_values ?? []
  if (format === 'mso_mdoc' && meta.doctype_value) return [meta.doctype_value]
  return []
}

function credentialFault(query: CredentialQuery): string | undefined {
  const { id, format, meta, claims, claim_sets: claimSets, trusted_authorities: trusted } = query
  if (format === 'dc+sd-jwt' && !meta.vct_values) {
    return `${id}: meta.vct_values is required for dc+sd-jwt (OpenID4VP 1.0 B.3.5).`
  }
  if (format === 'mso_mdoc' && !meta.doctype_value) {
    return `${id}: meta.doctype_value is required for mso_mdoc (OpenID4VP 1.0 B.2.3).`
  }
  const keyIds = trusted?.flatMap(({ type, values }) => (type === 'aki' ? values : [])) ?? []
  if (!keyIds.every((keyId) => /^[A-Za-z0-9_-]+$/.test(keyId))) {
    return `${id}: a key identifier is written in base64url (OpenID4VP 1.0 6.1.1.1).`
  }
  if (claimSets && !claims) return `${id}: claim_sets needs claims (OpenID4VP 1.0 6.1).`
  if (!claims) return undefined
  if (format === 'mso_mdoc' && !claims.every(({ path }) => isElementPath(path))) {
    return `${id}: a path in an mdoc is [namespace, element] (OpenID4VP 1.0 7.2).`
  }
  if (!distinct(claims.map(({ path }) => JSON.stringify(path)))) {
    return `${id}: the same claim is asked for twice (OpenID4VP 1.0 6.4.1).`
  }
  const ids = claims.flatMap((claim) => claim.id ?? [])
  if (!distinct(ids)) return `${id}: two claims share one id (OpenID4VP 1.0 6.3).`
  if (claimSets && ids.length < claims.length) {
    return `${id}: with claim_sets every claim needs an id (OpenID4VP 1.0 6.3).`
  }
  if (claimSets?.flat().some((name) => !ids.includes(name))) {
    return `${id}: a claim set names a claim that is not there (OpenID4VP 1.0 6.1).`
  }
  if (format === 'mso_mdoc' && !togetherIn(query).every(haveOwnNames)) {
    return `${id}: elements of one name are asked for in two namespaces, and what is released has no namespaces. Ask for each in a credential query of its own.`
  }
  return undefined
}

/** The claims that are asked for at once, in each alternative. */
const togetherIn = ({ claims = [], claim_sets: sets }: CredentialQuery): ClaimsQuery[][] =>
  sets?.map((set) => claims.filter(({ id = '' }) => set.includes(id))) ?? [claims]
const haveOwnNames = (claims: readonly ClaimsQuery[]) =>
  distinct(claims.map(({ path: [, element] }) => String(element)))

const distinct = (values: readonly string[]) => new Set(values).size === values.length
/** Namespace and element: all that a path in an mdoc can be (OpenID4VP 1.0 7.2). */
export const isElementPath = (path: ClaimsQuery['path']) =>
  path.length === 2 && path.every((step) => typeof step === 'string')
