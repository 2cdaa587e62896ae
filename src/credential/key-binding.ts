import { type Finding, fail, pass, skip } from '../result.ts'
import { digestText } from './digest.ts'
import { judged } from './finding.ts'
import { type JsonObject, parseJsonObject } from './json.ts'
import type { EcPublicJwk } from './jwk.ts'
import { type Jws, parseJws, type Sign, signJws, verifyJws } from './jws.ts'
import { toNumericDate } from './numeric-date.ts'
import type { SdJwt } from './sd-jwt.ts'

/** What a key binding JWT says (RFC 9901 4.3). */
export type KeyBinding = {
  /** All that it binds, up to the last tilde. */
  sdJwt: string
  nonce: string
  audience: string
  iat: Date
  /** What it says besides, such as the hashes of transaction data (OpenID4VP 1.0 B.3.3.1). */
  more?: JsonObject
}

/** Makes the KB-JWT that proves possession of the holder's key to one verifier, for one nonce. */
export async function createKbJwt(
  { sdJwt, nonce, audience, iat, more }: KeyBinding,
  sign: Sign,
): Promise<string> {
  const sd_hash = await digestText(sdJwt)
  const payload = { ...more, iat: toNumericDate(iat), aud: audience, nonce, sd_hash }
  return signJws({ typ: 'kb+jwt' }, payload, sign)
}

export type KeyBindingCheck =
  | 'key_binding.present'
  | 'key_binding.header'
  | 'key_binding.signature'
  | 'key_binding.nonce'
  | 'key_binding.audience'
  | 'key_binding.time'
  | 'key_binding.sd_hash'

/** What the verifier expects: decided before anything is looked at (RFC 9901 9.5). */
export type ExpectedKeyBinding = { nonce: string; audience: string } | 'none'

/** How old a key binding may be, and how far ahead of our clock, in seconds. */
const maxAge = 300
const maxAhead = 10

/** Always all seven checks, in their order; `claims` are there once a key binding JWT could be read. */
export type KeyBindingVerdict = { findings: Finding<KeyBindingCheck>[]; claims?: JsonObject }

/**
 * Judges the key binding of a presentation (RFC 9901 7.3).
 *
 * `holderKey` is the key that the issuer vouches for: undefined when there is none, `'unknown'` when
 * the issuer's own signature could not be relied upon, so that nobody vouches for any.
 */
export async function judgeKeyBinding(
  { kbJwt, bytes }: SdJwt,
  expected: ExpectedKeyBinding,
  at: Date,
  holderKey: EcPublicJwk | undefined | 'unknown',
): Promise<KeyBindingVerdict> {
  if (expected === 'none') {
    const unwanted = 'A key binding JWT is attached where none was asked for: end with a tilde.'
    const findings = [
      judged('key_binding.present', kbJwt && unwanted, 'None was asked for and none was sent.'),
      ...skipped('Does not apply: no key binding was asked for.'),
    ]
    return { findings }
  }
  const bound = bytes.subarray(0, bytes.length - (kbJwt?.length ?? 0))
  const jws = kbJwt ? parseJws(kbJwt, bytes.subarray(bound.length)) : undefined
  const claims = jws && parseJsonObject(jws.payload)
  if (!jws || !claims) {
    const fault = kbJwt
      ? 'After the last tilde stands no readable compact JWS without crit and b64.'
      : 'A key binding JWT must follow the last tilde, and none does.'
    const findings = [
      fail('key_binding.present', fault),
      ...skipped('Not judged: there is no readable key binding JWT.'),
    ]
    return { findings }
  }
  const [signature, sdHash] = await Promise.all([judgeSignature(jws, holderKey), digestText(bound)])
  const findings = [
    pass('key_binding.present', 'A key binding JWT follows the last tilde.'),
    judged('key_binding.header', headerFault(jws), 'typ is kb+jwt and alg is ES256.'),
    signature,
    judged(
      'key_binding.nonce',
      claims.nonce === expected.nonce ? undefined : 'nonce must be the one of this request.',
      'nonce is the one of this request.',
    ),
    judged(
      'key_binding.audience',
      claims.aud === expected.audience
        ? undefined
        : 'aud must be this verifier as one string: the whole client_id, or origin: and the origin of its page.',
      'aud is this verifier.',
    ),
    judged('key_binding.time', timeFault(claims, at), 'iat is recent.'),
    judged(
      'key_binding.sd_hash',
      claims.sd_hash === sdHash
        ? undefined
        : 'sd_hash must be the digest of the credential and disclosures exactly as sent.',
      'sd_hash covers the credential and its disclosures as sent.',
    ),
  ]
  return { findings, claims }
}

const headerFault = ({ header }: Jws) =>
  header.typ === 'kb+jwt' && header.alg === 'ES256'
    ? undefined
    : 'The header of the key binding JWT must say typ kb+jwt and alg ES256.'

async function judgeSignature(
  jws: Jws,
  holderKey: EcPublicJwk | undefined | 'unknown',
): Promise<Finding<KeyBindingCheck>> {
  const check = 'key_binding.signature'
  if (holderKey === 'unknown') {
    return skip(check, 'Not judged: the credential that names the key could not be relied upon.')
  }
  if (!holderKey) return fail(check, 'The credential names no key of its holder in cnf.jwk.')
  const fault = 'The key binding JWT must be signed by the key in cnf.jwk.'
  const isSigned = await verifyJws(jws, holderKey)
  return judged(check, isSigned ? undefined : fault, 'Signed by the key in cnf.jwk.')
}

function timeFault({ iat, exp, nbf }: JsonObject, at: Date): string | undefined {
  const now = at.getTime() / 1000
  if (typeof iat !== 'number') return 'iat must be there, as a number of seconds.'
  if (iat < now - maxAge) return 'The key binding is older than five minutes: present anew.'
  if (iat > now + maxAhead) return 'The key binding comes from the future: set the clock.'
  // Not asked for by RFC 9901, but what they say must hold (RFC 7519 4.1.4, 4.1.5).
  if (exp !== undefined && !(typeof exp === 'number' && now < exp)) return 'exp has passed.'
  if (nbf !== undefined && !(typeof nbf === 'number' && nbf <= now + maxAhead)) {
    return 'nbf has not come yet.'
  }
  return undefined
}

const skipped = (why: string): Finding<KeyBindingCheck>[] => [
  skip('key_binding.header', why),
  skip('key_binding.signature', why),
  skip('key_binding.nonce', why),
  skip('key_binding.audience', why),
  skip('key_binding.time', why),
  skip('key_binding.sd_hash', why),
]

/** All seven, when not even the credential could be read. */
export const keyBindingUnread = (why: string): Finding<KeyBindingCheck>[] => [
  skip('key_binding.present', why),
  ...skipped(why),
]
