import type { JsonObject } from '../credential/json.ts'
import type { EcPublicJwk } from '../credential/jwk.ts'
import { prepareMdoc, signMdoc, verifyIssuerSigned } from '../credential/mdoc.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { prepareSdJwtVc, signSdJwtVc, verifySdJwtVc } from '../credential/sd-jwt-vc.ts'
import type { TrustedCertificate } from '../credential/x509.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import type { Persona } from '../providers/profile.ts'
import type { Finding } from '../result.ts'
import { type Subject, visibleClaims } from './claims.ts'
import type { ConfigurationIn, CredentialConfiguration } from './credential-configurations.ts'
import type { Issuer } from './issuer.ts'

export type MakeDeps = {
  env: 'sandbox' | 'production'
  random: Random
  keys: KeyRing
  trustAnchors(use: 'issuer_ca', at: Date): Promise<readonly TrustedCertificate[]>
}

export type Dates = { issuedAt: Date; notBefore: Date; expiresAt: Date }

/** What is to be made, and for whom. */
type Making<C = CredentialConfiguration> = {
  issuer: Issuer
  configuration: C
  persona: Persona
  holderKey: EcPublicJwk
  dates: Dates
  status: { uri: string; idx: number }
}

/**
 * Makes one credential: prepared, signed, and accepted by our own strict verifier, as of the instant of
 * its validity that is nearest to now. What that refuses never leaves the house; it is our bug.
 */
export async function makeCredential(
  deps: MakeDeps,
  { configuration, ...rest }: Making,
  now: Date,
): Promise<string> {
  const isMdoc = configuration.format === 'mso_mdoc'
  const credential = isMdoc
    ? await makeMdoc(deps, { ...rest, configuration })
    : await makeSdJwtVc(deps, { ...rest, configuration })
  const at = inside(rest.dates, now)
  const anchors = await deps.trustAnchors('issuer_ca', at)
  const { findings } = isMdoc
    ? await verifyIssuerSigned(credential, { at, anchors })
    : await verifySdJwtVc(credential, { at, anchors, keyBinding: 'none' })
  insistAccepted(findings)
  return credential
}

async function makeSdJwtVc(
  deps: MakeDeps,
  making: Making<ConfigurationIn<'dc+sd-jwt'>>,
): Promise<string> {
  const { configuration, issuer, dates, holderKey, status } = making
  const { kid, x5c, sign } = signerOf(deps, `credential:${issuer.cc}`)
  const { open, selective } = await claimsOf(deps, making)
  const visible: JsonObject = {
    iss: issuer.id,
    vct: configuration.vct,
    iat: toNumericDate(dates.issuedAt),
    nbf: toNumericDate(dates.notBefore),
    exp: toNumericDate(dates.expiresAt),
    cnf: { jwk: holderKey },
    status: { status_list: status },
    ...open,
  }
  const decoys = Math.max(0, configuration.digests - Object.keys(selective).length)
  const draft = { header: { kid, x5c }, visible, selective, decoys }
  return signSdJwtVc(await prepareSdJwtVc(draft, deps.random), sign)
}

/**
 * In an mdoc nothing is in the clear but what the security object says: a verifier is told there what
 * it cannot judge without, and all of it is an element besides, which holders show or not.
 */
async function makeMdoc(
  deps: MakeDeps,
  making: Making<ConfigurationIn<'mso_mdoc'>>,
): Promise<string> {
  const { configuration, issuer, dates, holderKey, status } = making
  const { x5c, sign } = signerOf(deps, `document:${issuer.cc}`)
  const { open, selective } = await claimsOf(deps, making)
  const draft = {
    x5chain: x5c,
    docType: configuration.doctype,
    nameSpaces: { [configuration.doctype]: { ...selective, ...open } },
    digests: configuration.digests + Object.keys(open).length,
    deviceKey: holderKey,
    signed: dates.issuedAt,
    validFrom: dates.notBefore,
    validUntil: dates.expiresAt,
    status,
    statement: open,
  }
  return signMdoc(await prepareMdoc(draft, deps.random), sign)
}

/** What the credential says: to everybody, and what its holder may show. */
async function claimsOf(
  { env, keys }: MakeDeps,
  { configuration, issuer, persona, dates }: Making,
): Promise<{ open: JsonObject; selective: JsonObject }> {
  const subject: Subject = { issuer, persona, mac: keys.mac, ...dates }
  const open = { ...visibleClaims(subject), ...(env === 'sandbox' && { env }) }
  return { open, selective: await configuration.selective(subject) }
}

function signerOf({ keys }: MakeDeps, purpose: string) {
  const [{ kid, x5c }] = keys.publicKeys(purpose)
  if (!x5c) throw new Error(`the key for ${purpose} has no certificates`)
  return { kid, x5c, sign: (bytes: Uint8Array) => keys.sign(purpose, bytes) }
}

/** The instant of a credential's validity that is nearest to now. */
function inside({ notBefore, expiresAt }: Dates, now: Date): Date {
  const last = expiresAt.getTime() - 1000
  return new Date(Math.min(Math.max(now.getTime(), notBefore.getTime()), last))
}

function insistAccepted(findings: readonly Finding[]): void {
  const failed = findings.filter(({ outcome }) => outcome === 'fail')
  if (failed.length === 0) return
  const reasons = failed.map(({ check, detail }) => `${check}: ${detail}`)
  throw new Error(`our verifier refuses what we made: ${reasons.join('; ')}`)
}
