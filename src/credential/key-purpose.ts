import { type ObjectIdentifier, oid } from './der.ts'

export type KeyPurpose = keyof typeof keyPurposeIds

/**
 * What a certified key may be for, as its extended key usage says it (RFC 5280 4.2.1.12).
 *
 * The identifiers but that of mdocs are our own, made of random UUIDs (ITU-T X.667): no standard has one
 * for SD-JWT VCs, requests, registrations or wallet attestations, and `id-kp-oauthStatusSigning` of Token Status List
 * 10 has no number from IANA yet.
 */
export const keyPurposeIds = {
  /** SD-JWT VCs. UUID d1659ed5-45f4-4893-9375-ff2f0aede9a3. */
  credential: '2.25.278336294619725213839950751002167994787',
  /** Mobile documents: `id-mdl-kp-mdlDS` (ISO/IEC 18013-5 Annex B). */
  mdoc: '1.0.18013.5.1.2',
  /** Status list tokens. UUID b0ddb0a0-e965-4422-a88e-b5b5e39d579a. */
  'status-list': '2.25.235095207316710066069674369220752529306',
  /** Request objects of relying parties. UUID de265ca7-ab55-4a12-a875-9ff47f717122. */
  access: '2.25.295287801610687368243769867667116224802',
  /** Registrations of relying parties. UUID 124d74b3-4388-4501-97b4-a384afcda274. */
  registration: '2.25.24328277744491016528914295665277641332',
  /** Client attestations of wallet providers. UUID 54cf10b0-5edd-4bf7-b6bf-f4a8612c348f. */
  'wallet-attestation': '2.25.112730295587719025856617589200319689871',
} as const

type Usage = readonly ObjectIdentifier[] | undefined

const anyExtendedKeyUsage = oid('2.5.29.37.0')
const encoded = new Map(Object.entries(keyPurposeIds).map(([purpose, id]) => [purpose, oid(id)]))

/** Whether an extended key usage is for a purpose; without any it is for all. */
export const isForPurpose = (usage: Usage, purpose: KeyPurpose): boolean =>
  usage === undefined || usage.includes(anyExtendedKeyUsage) || isNamedFor(usage, purpose)

/**
 * Whether an extended key usage names the purpose, as that of whoever signs mobile documents must: to
 * say nothing, or any purpose, is not enough (ISO/IEC 18013-5 Annex B).
 */
export const isNamedFor = (usage: Usage, purpose: KeyPurpose): boolean =>
  usage?.some((id) => id === encoded.get(purpose)) === true
