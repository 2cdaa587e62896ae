import { type Finding, fail, pass, skip } from '../result.ts'
import { type Assurance, type Level, meets } from './assurance.ts'
import type { Authorization, Country, Recognition } from './facts.ts'
import { judgeAnchor, judgeIssuer } from './judge-issuer.ts'
import { judgeRecognition, type Recognised } from './judge-recognition.ts'
import { countsAs } from './level-map.ts'
import { perSecond } from './per-second.ts'
import type { TrustQuestion } from './question.ts'
import type { Snapshot } from './snapshot.ts'

export type TrustCheck =
  | 'trust.anchor'
  | 'trust.issuer'
  | 'trust.recognition'
  | 'assurance.proofing'
  | 'assurance.authn'

export type TrustDecision = {
  /** One for each check, always; rely on the rest only where none of them failed. */
  findings: readonly Finding<TrustCheck>[]
  issuer?: { id: string; country: Country }
  assurance?: Assurance & { national: string | null }
  /** `null`: none is needed at home. */
  recognition?: Recognition | null
}

/**
 * Whether a relying party may rely on a credential for a purpose, as of an instant: the AND of all
 * links, anchor, authority, issuer, authorization, recognition and the two dimensions of assurance.
 *
 * A link is judged wherever the links before it leave it a meaning; the detail names the furthest
 * test that was reached and who can mend it. Recognition is never inferred: not from the other
 * direction, not through a third country, not from a level that is near.
 */
export function judge(question: TrustQuestion, snapshot: Snapshot): TrustDecision {
  const { at, anchor, issuer, credentialType, national, relyingParty, purpose } = question
  const decide = decisions.get(snapshot) ?? deciding(snapshot)
  decisions.set(snapshot, decide)
  return decide(at, anchor, issuer, credentialType, national, relyingParty, purpose)
}

/** Credentials are many, what is asked of the registry about them is not: so it is kept as it was found. */
const decisions = new WeakMap<Snapshot, ReturnType<typeof deciding>>()

const deciding = (snapshot: Snapshot) =>
  perSecond(
    (
      at,
      anchor: string,
      issuer: string | undefined,
      credentialType: string,
      national: string | undefined,
      relyingParty: string,
      purpose: string,
    ) =>
      judgeAnew({ at, anchor, issuer, credentialType, national, relyingParty, purpose }, snapshot),
  )

function judgeAnew(question: TrustQuestion, snapshot: Snapshot): TrustDecision {
  const { authority, ...anchor } = judgeAnchor(question, snapshot)
  const { issuer, authorization, ...issued } = judgeIssuer(question, authority, snapshot)
  const recognised = judgeRecognition(question, authority?.country, snapshot)
  const { assurance, findings } = judgeAssurance(question, recognised, authorization)
  return {
    findings: [anchor.finding, issued.finding, recognised.finding, ...findings],
    ...(issuer && { issuer: { id: issuer.id, country: issuer.country } }),
    ...(recognised.recognition !== undefined && { recognition: recognised.recognition }),
    ...(assurance && { assurance }),
  }
}

function judgeAssurance(
  { national }: TrustQuestion,
  { purpose, levels, caps }: Recognised,
  authorization: Authorization | undefined,
): { findings: Finding<TrustCheck>[]; assurance?: TrustDecision['assurance'] } {
  if (!purpose) {
    const why = 'Not judged: what the purpose asks for is not known.'
    return { findings: [skip('assurance.proofing', why), skip('assurance.authn', why)] }
  }
  const assurance = countsAs(national, levels, caps, authorization)
  return {
    assurance: { ...assurance, national: national ?? null },
    findings: [
      meetsDemand('proofing', assurance.proofing, purpose.minProofing, purpose.code),
      meetsDemand('authn', assurance.authn, purpose.minAuthn, purpose.code),
    ],
  }
}

const names = { proofing: 'Proofing of the person', authn: 'Authentication at issuance' }

function meetsDemand(
  dimension: 'proofing' | 'authn',
  actual: Level | 'unrated',
  required: Level | undefined,
  purpose: string,
): Finding<TrustCheck> {
  const check = `assurance.${dimension}` as const
  const name = names[dimension]
  if (required === undefined) return skip(check, `${purpose} asks for no level of ${dimension}.`)
  const asked = `${purpose} asks for ${required}`
  if (meets(actual, required)) return pass(check, `${name} counts as ${actual}; ${asked}.`)
  return fail(
    check,
    actual === 'unrated'
      ? `${name} is unrated: no level map in use says what it counts as, and ${asked}.`
      : `${name} counts as ${actual}, but ${asked}. Ask for a credential issued at that level.`,
  )
}
