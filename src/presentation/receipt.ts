import { signJws } from '../credential/jws.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import type { KeyRing } from '../platform/keys.ts'
import type { JudgedPresentation } from './judge-presentation.ts'
import type { Verdict } from './judge-response.ts'
import type { Terms } from './transaction.ts'

/** What a receipt is about: a verdict, by whom it was asked for, and what the registry was then. */
export type ReceiptSubject = {
  terms: { id: string } & Pick<Terms, 'purpose' | 'relyingParty'>
  /** Who made the nonce, and so can know that the presentation was fresh. */
  challengeBy: 'gateway' | 'relying_party'
  /** Whom the holder's proof was made for: the client_id, with its prefix. */
  audience: string
  verdict: Verdict
  /** As of when it was judged, and when it was said. */
  at: Date
  now: Date
  ledgerPosition: number
}

const purpose = 'receipt'

/**
 * Signs what was judged and how it came out (JWS, typ `receipt+jwt`), so that it can be shown years
 * later what the relying party relied on. It holds no claim values; whoever kept the presentation can
 * prove by its hash that it is the one.
 */
export function signReceipt(
  { keys, origin }: { keys: KeyRing; origin: string },
  { terms, challengeBy, audience, verdict, at, now, ledgerPosition }: ReceiptSubject,
): Promise<string> {
  const [{ kid }] = keys.publicKeys(purpose)
  const { transactionDataHashes: hashes } = verdict
  const payload = {
    iss: origin,
    jti: terms.id,
    iat: toNumericDate(now),
    at: toNumericDate(at),
    outcome: verdict.outcome,
    purpose: terms.purpose,
    relying_party: terms.relyingParty,
    challenge_by: challengeBy,
    audience,
    ledger_position: ledgerPosition,
    ...(hashes.length > 0 && { transaction_data_hashes: hashes }),
    checks: verdict.report.checks.map(({ id, outcome }) => ({ id, outcome })),
    presentations: verdict.presentations.map(presentationEntry),
  }
  return signJws({ typ: 'receipt+jwt', kid }, payload, (bytes) => keys.sign(purpose, bytes))
}

function presentationEntry({ queryId, sha256, type, decision }: JudgedPresentation) {
  return {
    query_id: queryId,
    sha256,
    type: type ?? null,
    issuer: decision?.issuer?.id ?? null,
    recognition: decision?.recognition?.id ?? null,
    assurance: decision?.assurance ?? null,
  }
}

/** The public keys that receipts can be verified with, retired ones included, each with its period. */
export function receiptJwks(keys: Pick<KeyRing, 'publicKeys'>) {
  return {
    keys: keys
      .publicKeys(purpose)
      .map(({ jwk, x5c: _, ...member }) => ({ ...jwk, ...member, use: 'sig' })),
  }
}
