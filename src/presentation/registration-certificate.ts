import type { JsonObject } from '../credential/json.ts'
import { signJws } from '../credential/jws.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import type { KeyRing } from '../platform/keys.ts'
import { distinctPaths } from '../trust/claim-path.ts'
import type { ClaimPath, Entity, LocalizedName, PermittedClaims, Purpose } from '../trust/facts.ts'
import { purposeResource, type Snapshot } from '../trust/snapshot.ts'
import { doctypeOf, type Format, placeOf } from './credential-types.ts'
import { isElementPath } from './dcql.ts'

export type RegistrationDeps = {
  keys: KeyRing
  origin: string
  env: 'sandbox' | 'production'
}

/** Which relying party, for which purpose, and the certificate by whose hash a wallet knows it. */
export type Registered = { entity: Entity; purpose: string; accessHash: string }

/** How long a registration holds, and for how long it is handed out again (seconds). */
const lifetime = 3600
const reuse = 1800

/** The entitlement of who asks wallets for credentials, and issues none (ETSI TS 119 475 A.2.1). */
const serviceProvider = 'https://uri.etsi.org/19475/Entitlement/Service_Provider'

/**
 * What the registry says of a relying party and one purpose of it, signed by the registrar, so that a
 * wallet can hold the request to it (OpenID4VP 1.0 5.1 `verifier_info`, ETSI TS 119 475). Undefined
 * when it is not registered for it, or not any more.
 *
 * A registry fact, or what follows from facts, is all that is in it: the registry knows no legal name,
 * no address and nobody's contact.
 */
export async function registrationCertificate(
  deps: RegistrationDeps,
  registered: Registered,
  snapshot: Snapshot,
  at: Date,
): Promise<string | undefined> {
  const facts = registrationFacts(deps, registered, snapshot, at)
  return facts && signedOnce(deps.keys, facts, toNumericDate(at))
}

/** In the shape of EUDI TS5 `WalletRelyingParty`, where `meta` and `path` are JSON in a string. */
function registrationFacts(
  { origin, env }: RegistrationDeps,
  { entity, purpose: code, accessHash }: Registered,
  snapshot: Snapshot,
  at: Date,
): JsonObject | undefined {
  const purpose = snapshot.purpose(code, at)
  const claims = snapshot.permitted(entity.id, code, at)
  if (!purpose || !claims) return undefined
  const isPublic = ({ code, legalBases }: Purpose) =>
    legalBases.includes('public-task') && snapshot.permitted(entity.id, code, at) !== undefined
  return {
    iss: origin,
    sub: entity.id,
    // Whose registration it is, is whose access certificate it is (RFC 7800 3.1, RFC 8705 3.1).
    cnf: { 'x5t#S256': accessHash },
    ...(env === 'sandbox' && { env }),
    tradeName: entity.name.en,
    identifier: [{ type: 'urn:gerbang:entity', identifier: entity.id }],
    country: entity.country,
    srvDescription: [localized(purpose.title)],
    registryURI: `${origin}/registry/facts`,
    // Who is permitted what rests on a public task is a public body.
    isPSB: snapshot.purposes(at).some(isPublic),
    entitlements: [serviceProvider],
    intendedUse: [intendedUse(purpose, claims, since(entity, code, snapshot, at))],
  }
}

function intendedUse(purpose: Purpose, claims: readonly PermittedClaims[], createdAt: string) {
  return {
    intendedUseIdentifier: purpose.code,
    purpose: localized(purpose.title),
    createdAt,
    credentials: claims.flatMap((permitted) => [
      credentialOf('dc+sd-jwt', { vct_values: [permitted.credentialType] }, permitted.paths),
      ...asMdoc(permitted),
    ]),
  }
}

/** The same as an mdoc, by its elements; none where nobody has said what elements it would have. */
function asMdoc({ credentialType, paths }: PermittedClaims) {
  const doctype = doctypeOf(credentialType)
  const elements = distinctPaths(
    paths.map((path) => placeOf('mso_mdoc', doctype, path).slice(0, 2)).filter(isElementPath),
  )
  const isKnown = doctype !== credentialType || elements.length > 0
  return isKnown ? [credentialOf('mso_mdoc', { doctype_value: doctype }, elements)] : []
}

const credentialOf = (format: Format, meta: object, paths: readonly ClaimPath[]) => ({
  format,
  meta: JSON.stringify(meta),
  ...(paths.length > 0 && { claims: paths.map((path) => ({ path: JSON.stringify(path) })) }),
})

/** The day from which the permission counts. */
function since(entity: Entity, code: string, snapshot: Snapshot, at: Date): string {
  const asked = { action: 'request', subject: entity.id, resource: purposeResource(code) } as const
  const [permission] = snapshot.authorizations(asked, at)
  return new Date((permission?.fact.validFrom ?? 0) * 1000).toISOString().slice(0, 10)
}

const localized = (name: LocalizedName) =>
  Object.entries(name).map(([lang, content]) => ({ lang, content }))

/** The last signature over the same facts. As many as there are registrations, and no more than this. */
const signed = new Map<string, { jws: string; iat: number }>()
const maxSigned = 1000

async function signedOnce(keys: KeyRing, facts: JsonObject, now: number): Promise<string> {
  const [{ x5c = [] }] = keys.publicKeys('registration')
  const name = JSON.stringify([x5c, facts])
  const known = signed.get(name)
  if (known && known.iat <= now && now < known.iat + reuse) return known.jws
  const payload = { ...facts, iat: now, exp: now + lifetime }
  const jws = await signJws({ typ: 'rc-wrp+jwt', x5c }, payload, (bytes) =>
    keys.sign('registration', bytes),
  )
  const [oldest] = signed.keys()
  if (signed.size >= maxSigned && oldest !== undefined) signed.delete(oldest)
  signed.set(name, { jws, iat: now })
  return jws
}
