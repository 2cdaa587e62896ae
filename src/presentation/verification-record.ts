import type { Country } from '../trust/facts.ts'
import type { TrustDecision } from '../trust/judge.ts'
import type { Snapshot } from '../trust/snapshot.ts'

/**
 * What is kept of a verification, for those who oversee relying parties: who asked for what, and how
 * it came out. Nothing in it is about the person, and nothing leads to the presentation.
 */
export type VerificationRecord = {
  /** Random, and the same for all that was judged together: nothing else goes by it. */
  verdict: string
  /** Which of the credentials, from 0. */
  number: number
  recordedAt: Date
  /** As of when it was judged. */
  at: Date
  /** Who made the nonce. */
  challengeBy: 'gateway' | 'relying_party'
  /** Entity identifier. */
  relyingParty: string
  country: Country | null
  purpose: string
  /** Entity identifier; this and the rest `null` where it could not be told. */
  issuer: string | null
  issuerCountry: Country | null
  /** As the registry knows it, whatever the format. */
  credentialType: string | null
  /** The id of the recognition that was relied upon. */
  recognition: string | null
  proofing: string | null
  authn: string | null
  outcome: 'verified' | 'refused' | 'denied'
  forgetAt: Date
}

type Verification = Pick<
  VerificationRecord,
  'verdict' | 'at' | 'challengeBy' | 'relyingParty' | 'purpose' | 'outcome'
> & { now: Date; presentations: readonly Judged[] }

type Judged = { credentialType?: string; decision?: TrustDecision }

const day = 24 * 60 * 60 * 1000
/** No purpose may ask for less (days). */
const leastRetention = 30

/**
 * One record for each credential that was presented; one without any where none could be read. How long
 * it is kept is a duty of today, whatever the instant as of which was judged.
 */
export function verificationRecords(
  { now, presentations, ...verification }: Verification,
  snapshot: Snapshot,
): VerificationRecord[] {
  const { purpose, relyingParty } = verification
  const days = Math.max(leastRetention, snapshot.purpose(purpose, now)?.retentionDays ?? 0)
  const common = {
    ...verification,
    recordedAt: now,
    country: snapshot.entity(relyingParty)?.country ?? null,
    forgetAt: new Date(now.getTime() + days * day),
  }
  const judged: readonly Judged[] = presentations.length > 0 ? presentations : [{}]
  return judged.map((each, number) => ({ ...common, ...ofCredential(each), number }))
}

const ofCredential = ({ credentialType, decision }: Judged) => ({
  issuer: decision?.issuer?.id ?? null,
  issuerCountry: decision?.issuer?.country ?? null,
  credentialType: credentialType ?? null,
  recognition: decision?.recognition?.id ?? null,
  proofing: decision?.assurance?.proofing ?? null,
  authn: decision?.assurance?.authn ?? null,
})
