import type { Level } from './trust/assurance.ts'

/**
 * Who recognises whom in the sandbox, for what, and up to which levels of proofing and
 * authentication. Invented, every line of it: it says nothing of what any government recognises.
 *
 * Directional on purpose, and full of holes, as such a matrix is in its first years. BN, LA, MM and
 * TL state no levels that anyone could map, so nobody recognises their citizens' credentials.
 */
export type SandboxAgreement = {
  recogniser: string
  recognised: string
  purposes: string[]
  maxProofing: Level
  maxAuthn: Level
  /** Shown for what they teach: one that was suspended, one whose time is over. */
  fate?: 'suspended' | 'expired'
}

const [substantial, high] = ['substantial', 'high'] as const

const recognises =
  (recogniser: string) =>
  (
    recognised: string,
    purposes: string[],
    maxProofing: Level,
    maxAuthn: Level,
    fate?: 'suspended' | 'expired',
  ): SandboxAgreement => ({
    recogniser,
    recognised,
    purposes,
    maxProofing,
    maxAuthn,
    ...(fate && { fate }),
  })

const [sg, my, th] = [recognises('SG'), recognises('MY'), recognises('TH')]
const [jp, vn, ph] = [recognises('JP'), recognises('VN'), recognises('PH')]
const [id, bn, kh] = [recognises('ID'), recognises('BN'), recognises('KH')]

const tourist = ['age-check', 'travel-hotel-checkin']
const customer = [...tourist, 'qr-payment-consent']
const business = ['merchant-onboarding', 'customs-declarant']

export const sandboxAgreements: readonly SandboxAgreement[] = [
  sg('VN', ['bank-kyc'], high, high),
  sg('MY', ['bank-kyc', ...customer, 'gov-service-login'], high, substantial),
  sg('JP', ['bank-kyc', 'e-signature'], high, high),
  sg('TH', ['bank-kyc', 'qr-payment-consent'], substantial, substantial),
  sg('PH', ['bank-kyc', 'labour-mobility'], substantial, substantial, 'suspended'),
  sg('KH', ['bank-kyc'], substantial, substantial, 'expired'),
  my('SG', ['sim-registration', 'bank-kyc', ...customer], high, high),
  my('ID', ['sim-registration', 'labour-mobility'], substantial, substantial),
  my('TH', ['sim-registration', ...tourist], substantial, substantial),
  th('SG', customer, high, high),
  th('MY', customer, substantial, substantial),
  th('VN', tourist, substantial, substantial),
  th('JP', customer, high, high),
  th('PH', tourist, substantial, substantial),
  th('KH', customer, substantial, substantial),
  jp('SG', ['labour-mobility', ...tourist], high, high),
  jp('VN', ['labour-mobility'], high, high),
  jp('PH', ['labour-mobility'], substantial, substantial),
  jp('ID', ['labour-mobility'], substantial, substantial),
  vn('SG', business, high, high),
  vn('JP', business, high, high),
  vn('KH', ['travel-hotel-checkin'], substantial, substantial),
  ph('SG', business, high, high),
  ph('JP', business, high, high),
  ph('MY', business, substantial, substantial),
  id('SG', ['e-signature', ...tourist], high, high),
  id('JP', ['e-signature'], high, high),
  id('MY', tourist, substantial, substantial),
  bn('SG', ['gov-service-login', ...tourist], high, high),
  bn('MY', ['gov-service-login', ...tourist], substantial, substantial),
  kh('TH', tourist, substantial, substantial),
  kh('VN', tourist, substantial, substantial),
]
