import { encodeBase64url } from '../credential/base64url.ts'
import type { JsonObject } from '../credential/json.ts'
import type { KeyRing } from '../platform/keys.ts'
import { ageOver } from '../providers/person.ts'
import type { Persona, StateProfile } from '../providers/profile.ts'
import type { Issuer } from './issuer.ts'

/** Whom a credential is about, by whom, and for how long. */
export type Subject = {
  issuer: Issuer
  persona: Persona
  notBefore: Date
  expiresAt: Date
  mac: KeyRing['mac']
}

const utf8 = new TextEncoder()

/** A date without a time, UTC (ISO 8601). */
const day = (at: Date): string => at.toISOString().slice(0, 10)

/** What every credential says in the clear: a verifier cannot judge it without. */
export function visibleClaims({ issuer: { state }, persona, notBefore }: Subject): JsonObject {
  return {
    issuing_country: state.country,
    // OpenID Connect for Identity Assurance 1.0 5.4.2; the time is rounded, as all times are.
    verification: {
      trust_framework: state.scheme.id,
      ...(persona.national !== undefined && { assurance_level: persona.national }),
      time: `${day(notBefore)}T00:00:00Z`,
    },
  }
}

/** The common person data, and what the issuer adds to it. */
export async function pidClaims(subject: Subject): Promise<JsonObject> {
  const { issuer, persona, notBefore, expiresAt } = subject
  const number = numberThatMayLeave(issuer.state, persona)
  return {
    ...(persona.person as JsonObject),
    ...(number !== undefined && { personal_administrative_number: number }),
    person_token: await personToken(subject),
    issuing_authority: issuer.state.issuingAuthority,
    date_of_issuance: day(notBefore),
    date_of_expiry: day(expiresAt),
  }
}

/** Only the thresholds that the birth date answers, and never the birth date. */
export async function ageClaims({ persona, notBefore }: Subject): Promise<JsonObject> {
  const known = [18, 20, 21].flatMap((threshold) => {
    const over = ageOver(persona.person.birthdate, threshold, notBefore)
    return over === undefined ? [] : [[`age_over_${threshold}`, over] as const]
  })
  return Object.fromEntries(known)
}

/** The person's number, unless its state lets it out of no credential (`jp`, a PhilSys PSN). */
function numberThatMayLeave(state: StateProfile, persona: Persona): string | undefined {
  return persona.identifiers.find(({ scheme }) =>
    state.identifiers.some((rule) => rule.scheme === scheme && rule.crossesBorders),
  )?.value
}

/**
 * One value per person and issuer, which without our key nobody can guess or connect to the person,
 * although the list of a state's person numbers may be short enough to try.
 */
async function personToken({ issuer, persona, mac }: Subject): Promise<string> {
  const person = JSON.stringify(['person_token', issuer.id, persona.id])
  return encodeBase64url(await mac('person-token', utf8.encode(person)))
}
