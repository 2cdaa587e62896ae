import { digestText } from '../credential/digest.ts'
import type { JsonObject } from '../credential/json.ts'
import type { EcPublicJwk } from '../credential/jwk.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { prepareSdJwtVc, signSdJwtVc, verifySdJwtVc } from '../credential/sd-jwt-vc.ts'
import type { TrustedCertificate } from '../credential/x509.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import type { Persona } from '../providers/profile.ts'
import { visibleClaims } from './claims.ts'
import type { CredentialConfiguration } from './credential-configurations.ts'
import type { Validity } from './grant.ts'
import type { Issuer } from './issuer.ts'
import {
  newestStatusList,
  openStatusList,
  randomIndex,
  type StatusListStore,
  statusListUri,
} from './status-list.ts'

/** Writes down what was issued; false, and nothing written, if the status index is taken. */
export type RecordIssuance = (issuance: {
  statusList: string
  idx: number
  issuer: string
  credentialConfigurationId: string
  credentialHash: string
  issuedAt: Date
  expiresAt: Date
}) => Promise<boolean>

export type IssueDeps = {
  origin: string
  env: 'sandbox' | 'production'
  random: Random
  keys: KeyRing
  statusLists: StatusListStore
  issuances: { record: RecordIssuance }
  trustAnchors(use: 'issuer_ca', at: Date): Promise<readonly TrustedCertificate[]>
}

type Issuance = {
  issuer: Issuer
  configuration: CredentialConfiguration
  persona: Persona
  validity: Validity
  holderKey: EcPublicJwk
}

/** So many indices taken in a row, and the list is about full: the next one is opened. */
const triesPerList = 8

/**
 * Issues one SD-JWT VC, bound to a key that the holder has proven.
 *
 * The record is the last step and the only write: it takes the status index and says that the
 * credential exists, in one row. What fails before leaves nothing behind, and of two credentials that
 * drew the same index the second one is made again with another.
 */
export async function issueCredential(
  deps: IssueDeps,
  issuance: Issuance,
  at: Date,
): Promise<string> {
  const { issuer, configuration } = issuance
  const dates = validityDates(issuance, at)
  let list = await newestStatusList(deps, issuer.cc)
  for (let tries = 1; tries <= 4 * triesPerList; tries++) {
    const status = { uri: statusListUri(deps, list.id), idx: randomIndex(deps.random) }
    const credential = await makeCredential(deps, issuance, dates, at, status)
    const recorded = await deps.issuances.record({
      statusList: list.id,
      idx: status.idx,
      issuer: issuer.cc,
      credentialConfigurationId: configuration.id,
      credentialHash: await digestText(credential),
      issuedAt: dates.issuedAt,
      expiresAt: dates.expiresAt,
    })
    if (recorded) return credential
    if (tries % triesPerList === 0) list = await openStatusList(deps, issuer.cc, list.number + 1)
  }
  throw new Error(`no free status index for ${issuer.cc}`)
}

type Dates = { issuedAt: Date; notBefore: Date; expiresAt: Date }

const dayLength = 86_400_000
const addDays = (to: Date, days: number) => new Date(to.getTime() + days * dayLength)

/** All at midnight UTC: the very instant would tell two colluding verifiers who is who. */
function validityDates({ configuration: { days }, validity }: Issuance, at: Date): Dates {
  const today = new Date(Math.floor(at.getTime() / dayLength) * dayLength)
  const from = { current: 0, expired: -days - 1, 'not-yet-valid': 2 }[validity]
  const notBefore = addDays(today, from)
  return {
    issuedAt: from > 0 ? today : notBefore,
    notBefore,
    expiresAt: addDays(notBefore, days),
  }
}

async function makeCredential(
  { env, random, keys, trustAnchors }: IssueDeps,
  { issuer, configuration, persona, holderKey }: Issuance,
  dates: Dates,
  at: Date,
  status: { uri: string; idx: number },
): Promise<string> {
  const purpose = `credential:${issuer.cc}`
  const [{ kid, x5c }] = keys.publicKeys(purpose)
  if (!x5c) throw new Error(`the key for ${purpose} has no certificates`)
  const subject = { issuer, persona, mac: keys.mac, ...dates }
  const selective = await configuration.selective(subject)
  const visible: JsonObject = {
    iss: issuer.id,
    vct: configuration.vct,
    iat: toNumericDate(dates.issuedAt),
    nbf: toNumericDate(dates.notBefore),
    exp: toNumericDate(dates.expiresAt),
    cnf: { jwk: holderKey },
    status: { status_list: status },
    ...visibleClaims(subject),
    ...(env === 'sandbox' && { env }),
  }
  const decoys = Math.max(0, configuration.digests - Object.keys(selective).length)
  const draft = { header: { kid, x5c }, visible, selective, decoys }
  const prepared = await prepareSdJwtVc(draft, random)
  const credential = await signSdJwtVc(prepared, (bytes) => keys.sign(purpose, bytes))
  await assertAcceptable(credential, inside(dates, at), trustAnchors)
  return credential
}

/** The instant of a credential's validity that is nearest to now. */
function inside({ notBefore, expiresAt }: Dates, now: Date): Date {
  const last = expiresAt.getTime() - 1000
  return new Date(Math.min(Math.max(now.getTime(), notBefore.getTime()), last))
}

/** What our own strict verifier would refuse never leaves the house. A failure is our bug. */
async function assertAcceptable(
  credential: string,
  at: Date,
  trustAnchors: IssueDeps['trustAnchors'],
): Promise<void> {
  const anchors = await trustAnchors('issuer_ca', at)
  const { findings } = await verifySdJwtVc(credential, { at, anchors, keyBinding: 'none' })
  const failed = findings.filter(({ outcome }) => outcome === 'fail')
  if (failed.length > 0) {
    const reasons = failed.map(({ check, detail }) => `${check}: ${detail}`)
    throw new Error(`our verifier refuses what we made: ${reasons.join('; ')}`)
  }
}
