import type { Level } from '../trust/assurance.ts'
import type { PermittedClaims, Purpose, Versioned, Window } from '../trust/facts.ts'

const pid = (...claims: string[]) => claimsOf('urn:gerbang:pid:1', claims)
const oneAge = (...claims: string[]) => ({ ...claimsOf('urn:gerbang:age:1', claims), atMost: 1 })
const legalEntity = claimsOf('urn:gerbang:legal-entity:1', [
  ...['legal_name', 'trading_names', 'ubin', 'national_numbers', 'lei', 'legal_form', 'status'],
  ...['incorporation_date', 'registered_address', 'sector'],
])
const mandate = claimsOf('urn:gerbang:mandate:1', [
  ...['ubin', 'role', 'powers', 'limit', 'valid_from', 'valid_to', 'delegable'],
])
const qualification = claimsOf('urn:gerbang:qualification:1', ['qualification'])
const paymentConsent = claimsOf('urn:gerbang:payment-consent:1', ['person_token'])

function claimsOf(credentialType: string, claims: readonly string[]): PermittedClaims {
  return { credentialType, paths: claims.map((claim) => [claim]) }
}

type Demand = Level | undefined

/** A purpose, but for when it begins. */
type PurposeProfile = Omit<Purpose, 'type' | keyof Versioned | keyof Window>

function purpose(
  code: string,
  title: string,
  claims: PermittedClaims[],
  [minProofing, minAuthn]: [Demand, Demand],
  legalBases: string[],
  retentionDays: number,
): PurposeProfile {
  return {
    code,
    title: { en: title },
    claims,
    ...(minProofing && { minProofing }),
    ...(minAuthn && { minAuthn }),
    legalBases,
    retentionDays,
  }
}

const years = (n: number) => n * 365

/**
 * What each purpose needs at most, and how sure one must be (illustrative; no law is quoted). A level
 * that was given once counts for both dimensions. Transaction data, such as the amount of a payment,
 * is no claim and is not listed. A person's national number is on no list. Two ages together come close
 * to a birthdate, so one request asks for one.
 */
export const purposeProfiles: readonly PurposeProfile[] = [
  purpose(
    'bank-kyc',
    'Opening a bank account',
    [
      pid(
        ...['name', 'birthdate', 'nationalities', 'address'],
        ...['document_type', 'document_number', 'person_token'],
      ),
    ],
    ['substantial', 'substantial'],
    ['legal-obligation', 'consent'],
    years(5),
  ),
  purpose(
    'sim-registration',
    'Registering a SIM card',
    [pid('name', 'birthdate', 'document_number')],
    ['substantial', 'low'],
    ['legal-obligation'],
    years(1),
  ),
  purpose(
    'age-check',
    'Proving an age',
    [oneAge('age_over_18', 'age_over_20', 'age_over_21')],
    ['low', 'low'],
    ['consent'],
    0,
  ),
  purpose(
    'e-signature',
    'Signing a document',
    [pid('name', 'person_token')],
    ['high', 'high'],
    ['consent'],
    years(10),
  ),
  purpose(
    'labour-mobility',
    'Working abroad',
    [pid('name', 'birthdate', 'nationalities'), qualification],
    ['substantial', 'substantial'],
    ['consent'],
    90,
  ),
  purpose(
    'merchant-onboarding',
    'Taking on a merchant',
    [legalEntity, mandate, pid('name')],
    ['substantial', 'substantial'],
    ['contract'],
    years(5),
  ),
  purpose(
    'qr-payment-consent',
    'Paying by QR code',
    [pid('person_token'), paymentConsent],
    [undefined, 'substantial'],
    ['consent'],
    396,
  ),
  purpose(
    'gov-service-login',
    'Logging in to a public service',
    [pid('person_token', 'name')],
    ['substantial', 'substantial'],
    ['public-task'],
    30,
  ),
  purpose(
    'travel-hotel-checkin',
    'Checking in at a hotel',
    [pid('name', 'document_number', 'nationalities')],
    ['low', 'low'],
    ['legal-obligation'],
    90,
  ),
  purpose(
    'customs-declarant',
    'Declaring goods',
    [legalEntity, mandate],
    ['substantial', 'substantial'],
    ['legal-obligation'],
    years(5),
  ),
]
