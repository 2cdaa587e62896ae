import * as z from 'zod/mini'
import { type JsonObject, parseJson, parseJsonObject } from '../credential/json.ts'
import { parseJws, verifyJws } from '../credential/jws.ts'
import { type CredentialQuery, type DcqlQuery, typesOf } from './dcql.ts'
import { insist, insistShape } from './rule.ts'
import { pathOf, type Verifier, type VerifierDeps } from './verifier.ts'

/** What a registrar says of a verifier: who it is, and what it may ask for which purpose. */
export type Registration = {
  /** The verifier's identifier in the registry. */
  id: string
  uses: { purpose: string; description: Record<string, string> }[]
  /** The registration's payload, as signed. */
  payload: JsonObject
}

// In EUDI TS5 `meta` and `path` are JSON in a string.
const Credential = z.object({
  format: z.string(),
  meta: z.string(),
  claims: z.optional(z.array(z.object({ path: z.string() }))),
})
const IntendedUse = z.object({
  intendedUseIdentifier: z.string(),
  purpose: z.array(z.object({ lang: z.string(), content: z.string() })),
  credentials: z.array(Credential),
})
const Registered = z.object({
  sub: z.string(),
  iat: z.number(),
  exp: z.number(),
  cnf: z.object({ 'x5t#S256': z.string() }),
  intendedUse: z.array(IntendedUse),
})

const VerifierInfo = z.array(z.object({ format: z.string(), data: z.unknown() }))

/**
 * The registrations in a request's `verifier_info` (OpenID4VP 1.0 5.1). One that is there must be a
 * registrar's, about who asks, in force, and must allow what is asked; formats that the wallet does not
 * know are ignored.
 */
export async function readRegistrations(
  { verifier_info: info }: JsonObject,
  { accessHash }: Verifier,
  query: DcqlQuery,
  deps: VerifierDeps,
): Promise<Registration[]> {
  if (info === undefined) return []
  const entries = insistShape(VerifierInfo, info, 'verifier_info')
  const certificates = entries.filter(({ format }) => format === 'registration_cert')
  return Promise.all(
    certificates.map(async ({ data }) => {
      const payload = await insistByRegistrar(data, deps)
      const registered = insistShape(Registered, payload, 'The registration')
      const now = deps.now().getTime() / 1000
      insist(registered.iat <= now + 60 && now < registered.exp, 'The registration is out of date')
      insist(
        registered.cnf['x5t#S256'] === accessHash,
        'The registration is of another than who signed the request',
      )
      insist(
        registered.intendedUse.some((use) => query.credentials.every((each) => allows(use, each))),
        'More is asked than the verifier is registered for',
      )
      const uses = registered.intendedUse.map(({ intendedUseIdentifier, purpose }) => ({
        purpose: intendedUseIdentifier,
        description: Object.fromEntries(purpose.map(({ lang, content }) => [lang, content])),
      }))
      return { id: registered.sub, uses, payload }
    }),
  )
}

async function insistByRegistrar(data: unknown, deps: VerifierDeps): Promise<JsonObject> {
  const jws = typeof data === 'string' ? parseJws(data) : undefined
  const payload = jws && parseJsonObject(jws.payload)
  insist(jws && payload, 'The registration is no JWS of a JSON object')
  insist(
    jws.header.typ === 'rc-wrp+jwt',
    'The registration is not of typ rc-wrp+jwt (ETSI TS 119 475)',
  )
  const path = await pathOf(jws.header.x5c, 'registration', deps)
  insist(path.ok, `The registrar's certificate is not accepted: ${path.ok || path.error}`)
  insist(
    await verifyJws(jws, path.value.leafKey),
    'The registration is not signed with ES256 by the certificate in x5c',
  )
  return payload
}

/** Whether all that a credential query asks, of each type it would take, is in an intended use. */
function allows({ credentials }: z.infer<typeof IntendedUse>, query: CredentialQuery): boolean {
  return typesOf(query).every((type) => {
    const ofType = credentials.filter(
      ({ format, meta }) => format === query.format && typesIn(meta).includes(type),
    )
    const paths = ofType.flatMap(({ claims = [] }) => claims.map(({ path }) => parseJson(path)))
    const isAllowed = (asked: Path) => paths.some((path) => covers(path, asked))
    return ofType.length > 0 && (query.claims ?? []).every(({ path }) => isAllowed(path))
  })
}

function typesIn(meta: string): readonly unknown[] {
  const { vct_values: types, doctype_value: docType } = parseJsonObject(meta) ?? {}
  return Array.isArray(types) ? types : [docType]
}

type Path = readonly (string | number | null)[]

/** A claim is registered with what lies below it, and in every language (OpenID Connect Core 1.0 5.2). */
function covers(registered: unknown, asked: Path): boolean {
  if (!Array.isArray(registered) || registered.length > asked.length) return false
  return registered.every((step, i) => {
    const other = asked[i]
    if (step === null) return other === null || typeof other === 'number'
    return step === other || (typeof other === 'string' && other.split('#')[0] === step)
  })
}
