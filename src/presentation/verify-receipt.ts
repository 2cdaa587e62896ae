import * as z from 'zod/mini'
import { isJsonObject, type JsonObject, parseJsonObject } from '../credential/json.ts'
import { ecPublicJwk } from '../credential/jwk.ts'
import { parseJws, verifyJws } from '../credential/jws.ts'
import { latestNumericDate } from '../credential/numeric-date.ts'
import { ok, type Result, refuse } from '../result.ts'

/** What can come of an answer of 1 MiB, and some more. */
const maxLength = 2 * 1024 * 1024
const maxKeys = 1000

const name = z.nullable(z.string())
const seconds = z.int().check(z.nonnegative(), z.maximum(latestNumericDate))

/** SHA-256 in base64url. */
const digest = z.string().check(z.regex(/^[\w-]{43}$/))

const Header = z.strictObject({
  alg: z.literal('ES256'),
  typ: z.literal('receipt+jwt'),
  kid: z.string().check(z.regex(/^[\w.:-]{1,128}$/)),
})

const Receipt = z.strictObject({
  iss: z.string(),
  jti: z.string(),
  /** When it was signed, and as of when it was judged. */
  iat: seconds,
  at: seconds,
  outcome: z.enum(['verified', 'refused']),
  purpose: z.string(),
  relying_party: z.string(),
  challenge_by: z.enum(['gateway', 'relying_party']),
  /** The client_id that the holder's proof was made for. */
  audience: z.exactOptional(z.string()),
  ledger_position: z.int(),
  /** SHA-256 of each transaction that the holder was asked to authorise, as it was sent. */
  transaction_data_hashes: z.exactOptional(z.array(digest)),
  checks: z
    .array(
      z.strictObject({
        id: z.string().check(z.regex(/^[a-z_]{1,64}\.[a-z_]{1,64}$/)),
        outcome: z.enum(['pass', 'fail', 'skip']),
      }),
    )
    .check(z.minLength(1)),
  presentations: z.array(
    z.strictObject({
      query_id: z.string(),
      sha256: digest,
      type: name,
      issuer: name,
      recognition: name,
      assurance: z.nullable(
        z.strictObject({ proofing: z.string(), authn: z.string(), national: name }),
      ),
    }),
  ),
})
export type Receipt = z.output<typeof Receipt>

const Key = z.looseObject({
  kid: z.string(),
  iat: z.exactOptional(seconds),
  exp: z.exactOptional(seconds),
  revoked: z.exactOptional(
    z.looseObject({ revoked_at: seconds, reason: z.exactOptional(z.string()) }),
  ),
})
/** The key that signed, and when it was in use (`iat`, `exp`, `revoked`), as far as its set says. */
export type ReceiptKey = z.output<typeof Key>

/**
 * Verifies a receipt by a JWK Set of the gateway that signed it, kept or current: nothing else is
 * needed, and no clock. The refusal is a sentence.
 *
 * A key proves nothing beyond its time: what says that it was signed before the key was in use, after
 * it was retired or after it was revoked is refused. So is whatever a compromised key has signed, for
 * who has the key can write any time into a receipt.
 */
export async function verifyReceipt(
  receipt: string,
  jwks: unknown,
): Promise<Result<{ receipt: Receipt; key: ReceiptKey }, string>> {
  const jws = receipt.length <= maxLength ? parseJws(receipt) : undefined
  if (!jws) return refuse('A receipt is a compact JWS of at most 2 MiB, without crit and b64.')
  const header = Header.safeParse(jws.header)
  if (!header.success) {
    return refuse('The header of a receipt says alg ES256, typ receipt+jwt and a kid, and no more.')
  }
  const found = findKey(header.data.kid, jwks)
  if (!found.ok) return found
  const { jwk, key } = found.value
  const publicKey = ecPublicJwk(jwk)
  if (!publicKey || !(await verifyJws(jws, publicKey))) {
    return refuse(`The key ${key.kid} did not sign these very bytes: the receipt was altered.`)
  }
  const read = Receipt.safeParse(parseJsonObject(jws.payload))
  if (!read.success) {
    return refuse(
      `The key ${key.kid} signed this, but it is no receipt as this version knows them.`,
    )
  }
  const fault = contradiction(read.data) ?? periodFault(read.data.iat, key)
  return fault === undefined ? ok({ receipt: read.data, key }) : refuse(fault)
}

function findKey(kid: string, jwks: unknown): Result<{ jwk: JsonObject; key: ReceiptKey }, string> {
  const keys = isJsonObject(jwks) ? jwks.keys : undefined
  if (!Array.isArray(keys) || keys.length > maxKeys) {
    return refuse(`The keys are no JWK Set: an object whose keys are a list of at most ${maxKeys}.`)
  }
  const [jwk, ...others] = keys.filter(isJsonObject).filter((each) => each.kid === kid)
  if (!jwk) {
    return refuse(
      `No key is called ${kid}. Take the JWK Set of the gateway that signed, or a newer one.`,
    )
  }
  if (others.length > 0) return refuse(`Several keys are called ${kid}: one name, one key.`)
  const key = Key.safeParse(jwk)
  if (!key.success) return refuse(`The times of the key ${kid} are not in whole seconds.`)
  return ecPublicJwk(jwk)
    ? ok({ jwk, key: key.data })
    : refuse(`The key ${kid} is not the public half of a P-256 key for ES256.`)
}

/** A verdict of ours never contradicts its checks. */
function contradiction({ outcome, checks }: Receipt): string | undefined {
  const failed = checks.some((check) => check.outcome === 'fail')
  return failed === (outcome === 'refused')
    ? undefined
    : 'The outcome contradicts the checks: one that fails refuses the whole.'
}

function periodFault(signedAt: number, { kid, iat, exp, revoked }: ReceiptKey): string | undefined {
  if (iat !== undefined && signedAt < iat) {
    return `The receipt says that it was signed before the key ${kid} came into use.`
  }
  if (exp !== undefined && signedAt >= exp) {
    return `The receipt says that it was signed when the key ${kid} had been retired.`
  }
  if (revoked?.reason === 'compromised') {
    return `The key ${kid} was compromised: whoever has it can write any time into a receipt.`
  }
  if (revoked && signedAt >= revoked.revoked_at) {
    return `The receipt says that it was signed when the key ${kid} had been revoked.`
  }
  return undefined
}
