import { type Context, Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import * as z from 'zod/mini'
import { isJsonObject, parseJsonObject } from '../credential/json.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { isAuthorizationEndpoint } from '../presentation/authorization-request.ts'
import type { DecideDeps } from '../presentation/decide.ts'
import { qrSvgUrl } from '../presentation/endpoints.ts'
import type { PresentationRequest } from '../presentation/presentation-request.ts'
import { receiveDigitalCredential } from '../presentation/receive-digital-credential.ts'
import type { RelyingPartyKeyStore } from '../presentation/relying-party-keys.ts'
import { takeResponseCode } from '../presentation/response-code.ts'
import { openResult } from '../presentation/sealed-result.ts'
import { type StartDeps, type Started, startPresentation } from '../presentation/start.ts'
import {
  asOf,
  isSettled,
  isTransactionId,
  type Transaction,
  type TransactionStore,
} from '../presentation/transaction.ts'
import { ok } from '../result.ts'
import { authenticate, type RelyingPartyEnv } from './authenticate.ts'
import { readJson, readQuery } from './body.ts'
import { crossOrigin } from './cross-origin.ts'
import { noHead } from './edge.ts'
import { problem } from './render.ts'

export type PresentationRoutesDeps = StartDeps &
  DecideDeps & {
    transactions: TransactionStore
    relyingPartyKeys: RelyingPartyKeyStore
    trustedOrigins: readonly string[]
    /** Aborted once we are told to stop: whatever lasts must end. */
    stopping: AbortSignal
  }

const text = z.string().check(z.minLength(1), z.maxLength(2000))
const words = z.array(text).check(z.minLength(1), z.maxLength(64))

/** Strict, so that a misspelt member is told of; what we know and do not offer is refused by name. */
const Body = z.strictObject({
  purpose: z.string().check(z.regex(/^[a-z0-9-]{1,64}$/)),
  dcql_query: z.optional(z.unknown()),
  ask: z.optional(
    z
      .array(
        z.union([text, z.strictObject({ type: text, claims: words })], {
          error: 'must be a claim, or an object of type and claims alone',
        }),
      )
      .check(z.minLength(1), z.maxLength(64)),
  ),
  issuers: z.optional(words),
  formats: z.optional(words),
  flow: z.optional(z.enum(['cross_device', 'same_device', 'dc_api'])),
  /** With the flow `dc_api`. */
  origin: z.optional(text),
  transaction_data: z.optional(z.unknown()),
  redirect_uri: z.optional(text),
  request_uri_method: z.optional(z.enum(['get', 'post'])),
  authorization_endpoint: z.optional(
    text.check(
      z.refine(isAuthorizationEndpoint, {
        error:
          'must be https or a scheme of a wallet such as openid4vp://, of at most 500 characters of ASCII, without query',
      }),
    ),
  ),
  client_id_prefix: z.optional(text),
  expires_in: z.optional(z.int().check(z.minimum(60), z.maximum(600))),
})

/**
 * What the browser gave, as `JSON.stringify` writes it: members of later versions may come along. A
 * browser of before 2025 gave `data` as a string.
 */
const DigitalCredential = z.object({
  protocol: text,
  data: z.pipe(
    z.unknown(),
    z.transform((data, context) => {
      const object = typeof data === 'string' ? parseJsonObject(data) : data
      if (isJsonObject(object)) return object
      const message = 'must be a JSON object, or one in a string'
      context.issues.push({ code: 'custom', input: data, message })
      return z.NEVER
    }),
  ),
})

type Env = RelyingPartyEnv

/** `/v1/presentations`: a relying party asks, waits, and reads what came of it. */
export function presentationRoutes(deps: PresentationRoutesDeps) {
  const allowed = crossOrigin({
    origin: [...deps.trustedOrigins],
    allowHeaders: ['authorization', 'content-type'],
    exposeHeaders: ['location'],
  })
  const routes = new Hono<Env>()
  for (const path of ['/v1/presentations', '/v1/presentations/*']) {
    routes.use(path, allowed, authenticate(deps))
  }

  return routes
    .post('/v1/presentations', async (c) => {
      const body = await readJson(c, Body)
      if (!body.ok) return problem(body.error)
      const started = await startPresentation(deps, c.get('relyingParty'), fromWire(body.value))
      if (!started.ok) return problem(started.error)
      const location = `/v1/presentations/${started.value.transaction.id}`
      return c.json(toWallet(deps, started.value), 201, { location, ...noStore })
    })
    .post('/v1/presentations/:id/response', async (c) => {
      const own = await ownTransaction(deps, c)
      if (!own) return notFound()
      if (own.flow !== 'dc_api') return problem({ code: 'not_found', detail: answeredByWallet })
      const body = await readJson(c, DigitalCredential)
      if (!body.ok) return problem(body.error)
      const decided = await receiveDigitalCredential(deps, own, body.value)
      if (!decided.ok) return problem(decided.error)
      return c.json(await result(decided.value, c.get('apiKey')), 200, noStore)
    })
    .get('/v1/presentations/:id', noHead('GET, DELETE'), async (c) => {
      const own = await ownTransaction(deps, c)
      if (!own) return notFound()
      const query = readQuery(c)
      if (!query.ok) return problem(query.error)
      const responseCode = query.value.get('response_code')
      const read =
        responseCode === undefined ? ok(own) : await takeResponseCode(deps, own, responseCode)
      if (!read.ok) return problem(read.error)
      return c.json(await result(read.value, c.get('apiKey')), 200, noStore)
    })
    .delete('/v1/presentations/:id', async (c) => {
      const id = c.req.param('id')
      const forgotten =
        isTransactionId(id) && (await deps.transactions.forget(id, c.get('relyingParty')))
      return forgotten ? c.body(null, 204, noStore) : notFound()
    })
    .get('/v1/presentations/:id/events', noHead('GET'), async (c) => {
      const transaction = await ownTransaction(deps, c)
      return transaction ? events(c, deps, transaction) : notFound()
    })
}

/** What the relying party gives to a wallet: a link and a QR code, or what its page gives to the browser. */
function toWallet({ origin }: PresentationRoutesDeps, started: Started) {
  const { id, status, expiresAt } = started.transaction
  return {
    id,
    status,
    ...('authorizationRequest' in started
      ? {
          authorization_request: started.authorizationRequest,
          qr_svg_url: qrSvgUrl(origin, started.transaction.handle),
        }
      : { digital_credential_request: started.digitalCredentialRequest }),
    expires_at: toNumericDate(expiresAt),
  }
}

const fromWire = (body: z.output<typeof Body>): PresentationRequest => ({
  purpose: body.purpose,
  dcqlQuery: body.dcql_query,
  ask: body.ask,
  issuers: body.issuers,
  formats: body.formats,
  flow: body.flow,
  origin: body.origin,
  transactionData: body.transaction_data,
  redirectUri: body.redirect_uri,
  requestUriMethod: body.request_uri_method,
  authorizationEndpoint: body.authorization_endpoint,
  clientIdPrefix: body.client_id_prefix,
  expiresIn: body.expires_in,
})

const noStore = { 'cache-control': 'no-store' }
const notFound = () =>
  problem({ code: 'not_found', detail: 'There is no such presentation of this relying party.' })

const answeredByWallet =
  'This presentation is answered by the wallet itself. Bring here those of the flow dc_api.'

/** One that belongs to somebody else is as unknown as one that never was. */
async function ownTransaction(
  { transactions, clock }: PresentationRoutesDeps,
  c: Context<Env>,
): Promise<Transaction | undefined> {
  const id = c.req.param('id') ?? ''
  const found = isTransactionId(id) ? await transactions.find(id) : undefined
  return found?.relyingParty === c.get('relyingParty') ? asOf(found, clock()) : undefined
}

/** What can be told of a transaction in each of its states; `null` is what is not there (any more). */
async function result(transaction: Transaction, apiKey: string) {
  const { id, status, purpose, expiresAt } = transaction
  const isVerified = transaction.status === 'verified'
  // Answered on this device, and not yet known by whom: nothing is told but that.
  const isTold = transaction.status !== 'answered'
  return {
    id,
    status,
    purpose,
    expires_at: toNumericDate(expiresAt),
    report: isTold && 'report' in transaction ? transaction.report : null,
    credentials: isVerified ? ((await openResult(transaction.result, apiKey)) ?? null) : null,
    receipt: isTold && 'receipt' in transaction ? transaction.receipt : null,
    result_expires_at:
      'resultExpiresAt' in transaction ? toNumericDate(transaction.resultExpiresAt) : null,
  }
}

const pollInterval = 1000

/**
 * Server-Sent Events: the status as it is, then each change, until there can be no more or we stop.
 * Who listens then asks again (the HTML standard's EventSource does by itself).
 */
function events(
  c: Context<Env>,
  { transactions, clock, stopping }: PresentationRoutesDeps,
  first: Transaction,
) {
  const response = streamSSE(c, async (stream) => {
    let told: Transaction['status'] | undefined
    let now: Transaction | undefined = first
    while (now && !stream.aborted && !stopping.aborted) {
      const { id, status }: Transaction = now
      if (status !== told) {
        await stream.writeSSE({ event: 'status', data: JSON.stringify({ id, status }) })
        told = status
      }
      if (isSettled(now)) return
      await stream.sleep(pollInterval)
      const found = await transactions.find(id)
      now = found && asOf(found, clock())
    }
  })
  // It says `no-cache`, which allows to store.
  response.headers.set('cache-control', 'no-store')
  return response
}
