import { digestText } from '../credential/digest.ts'
import type { EcPublicJwk } from '../credential/jwk.ts'
import type { Persona } from '../providers/profile.ts'
import type { CredentialConfiguration } from './credential-configurations.ts'
import type { Validity } from './grant.ts'
import type { Issuer } from './issuer.ts'
import { type Dates, type MakeDeps, makeCredential } from './make-credential.ts'
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

export type IssueDeps = MakeDeps & {
  origin: string
  statusLists: StatusListStore
  issuances: { record: RecordIssuance }
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
 * Issues one credential, bound to a key that the holder has proven.
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
    const credential = await makeCredential(deps, { ...issuance, dates, status }, at)
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

const dayLength = 86_400_000
const addDays = (to: Date, days: number) => new Date(to.getTime() + days * dayLength)

/**
 * All at midnight UTC: the very instant would tell two colluding verifiers who is who. What is to be
 * expired was good for a day, so that whoever signs it was certified by then.
 */
function validityDates({ configuration: { days }, validity }: Issuance, at: Date): Dates {
  const today = new Date(Math.floor(at.getTime() / dayLength) * dayLength)
  const from = { current: 0, expired: -2, 'not-yet-valid': 2 }[validity]
  const notBefore = addDays(today, from)
  return {
    issuedAt: from > 0 ? today : notBefore,
    notBefore,
    expiresAt: addDays(notBefore, validity === 'expired' ? 1 : days),
  }
}
