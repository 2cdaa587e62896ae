import * as z from 'zod/mini'
import { insist, insistShape } from './rule.ts'

const Id = z.string().check(z.regex(/^[A-Za-z0-9_-]+$/))
const nonEmpty = <T extends z.ZodMiniType>(element: T) => z.array(element).check(z.minLength(1))

const ClaimsPathPointer = nonEmpty(z.union([z.string(), z.null(), z.int().check(z.nonnegative())]))
const ClaimsQuery = z.object({
  id: z.optional(Id),
  path: ClaimsPathPointer,
  values: z.optional(nonEmpty(z.union([z.string(), z.int(), z.boolean()]))),
})
const CredentialQuery = z.object({
  id: Id,
  format: z.string(),
  meta: z.looseObject({
    vct_values: z.optional(nonEmpty(z.string())),
    doctype_value: z.optional(z.string()),
  }),
  trusted_authorities: z.optional(
    nonEmpty(z.object({ type: z.string(), values: nonEmpty(z.string()) })),
  ),
  claims: z.optional(nonEmpty(ClaimsQuery)),
  claim_sets: z.optional(nonEmpty(nonEmpty(Id))),
})
const CredentialSetQuery = z.object({
  options: nonEmpty(nonEmpty(Id)),
  required: z.optional(z.boolean()),
})
const DcqlQuery = z.object({
  credentials: nonEmpty(CredentialQuery),
  credential_sets: z.optional(nonEmpty(CredentialSetQuery)),
})

export type ClaimsQuery = z.infer<typeof ClaimsQuery>
export type CredentialQuery = z.infer<typeof CredentialQuery>
export type DcqlQuery = z.infer<typeof DcqlQuery>

/** Reads a DCQL query (OpenID4VP 1.0 6). Properties that we do not know are ignored, as it demands. */
export function readDcqlQuery(value: unknown): DcqlQuery {
  const query = insistShape(DcqlQuery, value, 'The DCQL query')
  const ids = query.credentials.map(({ id }) => id)
  insist(new Set(ids).size === ids.length, 'The DCQL query uses a credential query id twice (6.1)')
  const named = query.credential_sets?.flatMap(({ options }) => options.flat()) ?? []
  insist(
    named.every((id) => ids.includes(id)),
    'A credential set names a credential query that is not there (OpenID4VP 1.0 6.2)',
  )
  for (const credential of query.credentials) insistClaims(credential)
  return query
}

/** The types that a credential query takes (OpenID4VP 1.0 B.2.3, B.3.5). */
export function typesOf({ format, meta }: Pick<CredentialQuery, 'format' | 'meta'>): string[] {
  if (format === 'dc+sd-jwt') return meta.vct_values ?? []
  return format === 'mso_mdoc' && meta.doctype_value !== undefined ? [meta.doctype_value] : []
}

function insistClaims({ id, format, meta, claims, claim_sets: sets }: CredentialQuery): void {
  insist(
    format !== 'dc+sd-jwt' || meta.vct_values,
    `Credential query ${id} has no vct_values (OpenID4VP 1.0 B.3.5)`,
  )
  insist(
    format !== 'mso_mdoc' || meta.doctype_value !== undefined,
    `Credential query ${id} has no doctype_value (OpenID4VP 1.0 B.2.3)`,
  )
  insist(
    format !== 'mso_mdoc' || (claims ?? []).every(({ path }) => isElementPath(path)),
    `Credential query ${id} has a path that is no namespace and element (OpenID4VP 1.0 7.2)`,
  )
  const ids = claims?.flatMap((claim) => claim.id ?? []) ?? []
  insist(new Set(ids).size === ids.length, `Credential query ${id} uses a claim id twice (6.3)`)
  const named = sets?.flat() ?? []
  insist(
    named.every((name) => ids.includes(name)),
    `A claim set of credential query ${id} names a claim that is not there (OpenID4VP 1.0 6.1)`,
  )
}

const isElementPath = (path: ClaimsQuery['path']) =>
  path.length === 2 && path.every((step) => typeof step === 'string')
