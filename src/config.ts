import * as z from 'zod/mini'
import { cryptography } from './credential/crypto.ts'
import { exampleKeys, isExampleKey } from './example-keys.ts'
import { jwkKeyRing, type KeyFile } from './platform/jwk-key-ring.ts'
import { ok, type Result, refuse } from './result.ts'

/** ISO 3166-1 alpha-2 in lower case: the states a gateway can serve. */
export const allStates = 'bn kh id la my mm ph sg th tl vn jp'.split(' ')

export type Config = {
  port: number
  host: string
  /** Where the outside sees us; every identifier and URL we publish starts with it. */
  publicUrl: string
  dataDir: string
  env: 'sandbox' | 'production'
  keys: KeyFile
  /** PEM texts; present when we serve https ourselves. */
  tls?: { cert: string; key: string }
  trustedOrigins: string[]
  states: string[]
  role: 'anchor' | 'member'
  anchorUrl?: string
  /** Members: the anchors they pin. */
  trustAnchors: { entityId: string; jwks: { keys: object[] } }[]
  log: { level: LogLevel; format: 'json' | 'pretty' }
}

export type LogLevel = (typeof logLevels)[number]
const logLevels = ['debug', 'info', 'warn', 'error', 'silent'] as const

const text = z.string().check(z.minLength(1))
const list = z.pipe(
  text,
  z.transform((words: string) => words.split(/[\s,]+/).filter((word) => word !== '')),
)
const oneOf = <const T extends readonly string[]>(values: T) =>
  z.enum(values, { error: `must be one of ${values.join(', ')}` })
const isOrigin = (url: string) => URL.canParse(url) && new URL(url).origin === url
const origin = text.check(
  z.refine((url) => isOrigin(url) && /^https?:/.test(url), {
    error: 'must be an origin: http or https, host and port, no path and no trailing slash',
  }),
)

const Environment = z.object({
  PORT: z._default(
    z.coerce
      .number({ error: 'must be a number from 1 to 65535' })
      .check(z.refine((n) => Number.isInteger(n) && n >= 1 && n <= 65_535, 'must be 1 to 65535')),
    8787,
  ),
  HOST: z._default(text, '127.0.0.1'),
  PUBLIC_URL: z.optional(origin),
  DATA_DIR: z._default(text, './data'),
  APP_ENV: z._default(oneOf(['sandbox', 'production']), 'sandbox'),
  KEYS_DIR: z.optional(text),
  KEYS_JWKS: z.optional(text),
  TLS_CERT_FILE: z.optional(text),
  TLS_KEY_FILE: z.optional(text),
  TRUSTED_ORIGINS: z._default(z.pipe(list, z.array(origin)), []),
  STATES: z._default(z.pipe(list, z.array(oneOf(allStates)).check(z.minLength(1))), allStates),
  ROLE: z._default(oneOf(['anchor', 'member']), 'anchor'),
  ANCHOR_URL: z.optional(origin),
  TRUST_ANCHORS: z.optional(text),
  LOG_LEVEL: z._default(oneOf(logLevels), 'info'),
  LOG_FORMAT: z._default(oneOf(['json', 'pretty']), 'pretty'),
})
type Environment = z.output<typeof Environment>

const Keys = z.object({
  keys: z.array(
    z.looseObject({
      purpose: text,
      kid: text,
      kty: text,
      iat: z.exactOptional(z.int()),
      exp: z.exactOptional(z.int()),
      revoked: z.exactOptional(z.object({ revoked_at: z.int(), reason: z.exactOptional(text) })),
    }),
  ),
  anchors: z._default(z.record(z.string(), z.string()), {}),
})
const TrustAnchors = z.array(
  z.object({ entity_id: origin, jwks: z.object({ keys: z.array(z.looseObject({ kty: text })) }) }),
)

/**
 * Reads the whole configuration: environment variables, and the files they name by `readText`.
 *
 * A refusal lists every fault at once, a sentence each, so that an operator mends them in one go.
 */
export function readConfig(
  env: Record<string, string | undefined>,
  readText: (path: string) => string,
): Result<Config, string[]> {
  const faults: string[] = []
  const e = readEnvironment(env, faults)

  /** What a variable holds or names, turned into what we need; its fault becomes one line. */
  function attempt<T>(variable: string, read: () => T): T | undefined {
    try {
      return read()
    } catch (error) {
      faults.push(`${variable}: ${error instanceof Error ? error.message : 'unreadable'}`)
      return undefined
    }
  }
  const { KEYS_DIR, KEYS_JWKS, TLS_CERT_FILE, TLS_KEY_FILE, TRUST_ANCHORS } = e
  const keys = KEYS_JWKS
    ? attempt('KEYS_JWKS', () => parseKeys(KEYS_JWKS))
    : KEYS_DIR
      ? attempt('KEYS_DIR', () => parseKeys(readText(`${KEYS_DIR}/keys.jwks.json`)))
      : exampleKeys
  const cert = TLS_CERT_FILE && attempt('TLS_CERT_FILE', () => readText(TLS_CERT_FILE))
  const key = TLS_KEY_FILE && attempt('TLS_KEY_FILE', () => readText(TLS_KEY_FILE))
  const trustAnchors = TRUST_ANCHORS
    ? attempt('TRUST_ANCHORS', () => parseTrustAnchors(readText(TRUST_ANCHORS)))
    : []
  faults.push(...contradictions(e), ...(keys ? keyFaults(e, keys) : []))
  if (faults.length > 0 || !keys || !trustAnchors) return refuse(faults)

  const scheme = TLS_CERT_FILE ? 'https' : 'http'
  return ok({
    port: e.PORT,
    host: e.HOST,
    publicUrl: e.PUBLIC_URL ?? `${scheme}://localhost:${e.PORT}`,
    dataDir: e.DATA_DIR,
    env: e.APP_ENV,
    keys,
    ...(cert && key && { tls: { cert, key } }),
    trustedOrigins: e.TRUSTED_ORIGINS,
    states: e.STATES,
    role: e.ROLE,
    ...(e.ANCHOR_URL && { anchorUrl: e.ANCHOR_URL }),
    trustAnchors,
    log: { level: e.LOG_LEVEL, format: e.LOG_FORMAT },
  })
}

/** The variables that are well-formed, and the defaults of the others, whose faults are noted. */
function readEnvironment(env: Record<string, string | undefined>, faults: string[]): Environment {
  // An empty variable is one that is not set, as in shell scripts and container files.
  const set = Object.fromEntries(Object.entries(env).filter(([, value]) => value))
  const parsed = Environment.safeParse(set)
  if (parsed.success) return parsed.data
  for (const issue of parsed.error.issues) {
    faults.push(`${String(issue.path[0])}: ${issue.message}`)
    delete set[String(issue.path[0])]
  }
  return Environment.parse(set)
}

function parseKeys(json: string): KeyFile {
  const parsed = Keys.safeParse(parseJson(json))
  if (!parsed.success) {
    throw new Error('is not a JWK Set whose keys have purpose, kid and kty, and times in seconds')
  }
  return parsed.data
}

/** `JSON.parse` would quote the text in its error, and the text is a secret. */
function parseJson(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    throw new Error('is not JSON')
  }
}

function parseTrustAnchors(json: string): Config['trustAnchors'] {
  const parsed = TrustAnchors.safeParse(parseJson(json))
  if (!parsed.success) throw new Error('is not a list of {"entity_id", "jwks"}')
  return parsed.data.map(({ entity_id, jwks }) => ({ entityId: entity_id, jwks }))
}

function contradictions(e: Environment): string[] {
  const publicUrl = e.PUBLIC_URL ?? ''
  const localhost = publicUrl === '' || new URL(publicUrl).hostname === 'localhost'
  const production = e.APP_ENV === 'production'
  const faults: [wrong: unknown, sentence: string][] = [
    [e.KEYS_DIR && e.KEYS_JWKS, 'KEYS_DIR and KEYS_JWKS: set one of them, not both'],
    [!e.TLS_CERT_FILE !== !e.TLS_KEY_FILE, 'TLS_CERT_FILE and TLS_KEY_FILE: set both, or neither'],
    [
      e.TLS_CERT_FILE && publicUrl.startsWith('http:'),
      'PUBLIC_URL: must be https, since TLS_CERT_FILE makes the gateway serve https',
    ],
    [
      production && !publicUrl.startsWith('https:'),
      'PUBLIC_URL: production needs an https address',
    ],
    [
      !production && publicUrl.startsWith('http:') && !localhost,
      'PUBLIC_URL: http is for localhost alone; use https',
    ],
    [e.ROLE === 'member' && !e.ANCHOR_URL, 'ANCHOR_URL: needed, since ROLE is member'],
    [e.ROLE === 'member' && !e.TRUST_ANCHORS, 'TRUST_ANCHORS: needed, since ROLE is member'],
  ]
  return faults.filter(([wrong]) => wrong).map(([, sentence]) => sentence)
}

/** Unusable keys, missing ones, and in production those that everybody has. */
function keyFaults(e: Environment, { keys }: KeyFile): string[] {
  const variable = e.KEYS_JWKS ? 'KEYS_JWKS' : 'KEYS_DIR'
  try {
    jwkKeyRing({ keys }, cryptography())
  } catch (error) {
    return [`${variable}: ${error instanceof Error ? error.message : 'unusable'}`]
  }
  const have = new Set(keys.map((key) => key.purpose))
  // A relying party's requests carry what it is registered for.
  const serves = keys.some(({ purpose }) => purpose.startsWith('access:'))
  const needed = ['receipt', 'secrets', ...(serves ? ['registration'] : [])].concat(
    e.STATES.flatMap((cc) => [`credential:${cc}`, `document:${cc}`, `status-list:${cc}`]),
  )
  const missing = needed.filter((purpose) => !have.has(purpose))
  const examples = keys.filter(isExampleKey)
  return [
    ...(missing.length > 0 ? [`${variable}: no key for ${missing.join(', ')}`] : []),
    ...(e.APP_ENV === 'production' && examples.length > 0
      ? [`${variable}: production must not use example keys, and ${examples.length} of these are`]
      : []),
  ]
}
