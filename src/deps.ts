import type { Config } from './config.ts'
import { covers, verifyChain } from './credential/x509.ts'
import { ownStatus } from './issuance/status.ts'
import { statusListUri } from './issuance/status-list.ts'
import type { Clock } from './platform/clock.ts'
import { type FetchGuard, guardedFetch } from './platform/fetch.ts'
import { jwkKeyRing } from './platform/jwk-key-ring.ts'
import type { Log } from './platform/log.ts'
import type { Random } from './platform/random.ts'
import { fetchedStatus } from './presentation/fetched-status.ts'
import type { StatusOf } from './presentation/judge-presentation.ts'
import { ensureRelyingPartyKeys } from './presentation/relying-party-keys.ts'
import { states } from './providers/states.ts'
import { currentRegistry } from './registry/current.ts'
import { ok, refuse } from './result.ts'
import { ensureGenesis, sandboxGenesis, sandboxRelyingParties } from './sandbox.ts'
import { accessTokenStore } from './store/access-tokens.ts'
import type { Database } from './store/database.ts'
import { issuanceStore } from './store/issuances.ts'
import { nonceStore } from './store/nonces.ts'
import { offerStore } from './store/offers.ts'
import { ledgerStore } from './store/registry.ts'
import { relyingPartyKeyStore } from './store/relying-party-keys.ts'
import { seenProofStore } from './store/seen-proofs.ts'
import { statusListStore } from './store/status-lists.ts'
import { transactionStore } from './store/transactions.ts'
import { missingTriggers } from './store/triggers.ts'
import type { TrustAnchor } from './trust/facts.ts'

/** The doors to the world, each of another make on Node, on Workers and in tests. */
export type World = {
  config: Config
  database: Database
  clock: Clock
  random: Random
  connect: FetchGuard['connect']
  log: Log
}

export type Deps = ReturnType<typeof createDeps>

/** Wires the rooms: who calls whom across them is decided here and nowhere else. */
export function createDeps({ config, database, clock, random, connect, log }: World) {
  const { publicUrl: origin, env, trustedOrigins } = config
  const keys = jwkKeyRing(config.keys)
  const served = new Map(config.states.flatMap((cc) => stateEntry(cc)))
  const ledger = ledgerStore(database)
  const registry = currentRegistry({ clock, ledger })
  const offers = offerStore(database)
  const accessTokens = accessTokenStore(database)
  const nonces = nonceStore(database)
  const seenProofs = seenProofStore(database)
  const statusLists = statusListStore(database)
  const transactions = transactionStore(database)
  const relyingPartyKeys = relyingPartyKeyStore(database)

  let answerOwn: FetchGuard['own']['fetch'] = () => new Response(null, { status: 404 })
  const fetch = guardedFetch({
    connect,
    own: { origin, fetch: (request) => answerOwn(request) },
  })

  async function snapshot() {
    const current = await registry.snapshot()
    if (!current.ok) throw new Error(current.error.detail)
    return current.value
  }
  const trustAnchors = async (use: TrustAnchor['use'], at: Date) =>
    (await snapshot()).anchors(use, at)

  const otherStatus = fetchedStatus({
    fetch,
    async anchorsOf(issuer, at) {
      const known = await snapshot()
      const country = known.entity(issuer)?.country
      const ofState = (anchor: TrustAnchor) => known.entity(anchor.entity)?.country === country
      return known.anchors('issuer_ca', at).filter(ofState)
    },
  })
  /** Our own issuers' statuses are known here, at once; everybody else's by their lists. */
  const statusOf: StatusOf = async (reference, issuer, at) => {
    const status = await ownStatus({ origin, statusLists }, reference, at)
    if (status) return ok(status)
    if (reference.uri.startsWith(statusListUri({ origin }, ''))) {
      return refuse('The status list has no such entry.')
    }
    return otherStatus(reference, issuer, at)
  }

  /** What keeps us from serving, as of now: an empty list is a clean bill. */
  async function faults(): Promise<string[]> {
    try {
      const missing = await missingTriggers(database)
      const current = await registry.snapshot()
      return [
        ...missing.map((trigger) => `DATA_DIR: the database has lost the trigger ${trigger}`),
        ...(current.ok ? [] : [current.error.detail]),
      ]
    } catch {
      return ['The database does not answer.']
    }
  }

  /** The sandbox's registry and its relying parties, made at the first start. */
  async function seedSandbox(): Promise<void> {
    const { anchors } = config.keys
    const issuerAnchors = Object.fromEntries(
      [...served.keys()].map((cc) => [cc, anchors[`issuer-${cc}`] ?? '']),
    )
    await ensureGenesis({ clock, ledger }, () =>
      sandboxGenesis({
        origin,
        now: clock(),
        states: served.values(),
        anchors: issuerAnchors,
        readerCa: anchors.reader ?? '',
        walletProviderCa: anchors['wallet-provider'] ?? '',
      }),
    )
    const parties = sandboxRelyingParties.map(({ id }) => ({
      id: `${origin}/relying-parties/${id}`,
    }))
    await ensureRelyingPartyKeys({ clock, keys, relyingPartyKeys }, parties)
  }

  /** Whether what our issuers sign would be believed: under our own name, by the registry's anchors. */
  async function issuerFaults(): Promise<string[]> {
    const now = clock()
    const anchors = await trustAnchors('issuer_ca', now)
    const found = [...served.keys()].map(async (cc) => {
      const [{ x5c }] = keys.publicKeys(`credential:${cc}`)
      const chain = await verifyChain(x5c, anchors, now)
      if (!chain.ok) {
        return `KEYS_DIR: credential:${cc} does not fit the registry in DATA_DIR. ${chain.error}`
      }
      const id = `${origin}/issuers/${cc}`
      return covers(chain.value.leaf, id)
        ? undefined
        : `KEYS_DIR: the certificate of credential:${cc} does not name ${id} (npm run keys -- --origin ${origin})`
    })
    return (await Promise.all(found)).filter((fault) => fault !== undefined)
  }

  return {
    config,
    origin,
    env,
    trustedOrigins,
    clock,
    random,
    log,
    keys,
    states: served,
    registry,
    snapshot: registry.snapshot,
    trustAnchors,
    statusOf,
    offers,
    accessTokens,
    nonces,
    statusLists,
    issuances: issuanceStore(database),
    rememberProof: seenProofs.remember,
    transactions,
    relyingPartyKeys,
    faults,

    /** Says what answers requests for our own addresses: in process, and never over the network. */
    answerOwnBy(fetch: FetchGuard['own']['fetch']): void {
      answerOwn = fetch
    },

    /** Makes ready to serve, and says what stands in the way, a line each. */
    async prepare(): Promise<string[]> {
      const missing = await missingTriggers(database)
      if (missing.length > 0) return faults()
      if (env === 'sandbox') {
        await seedSandbox()
        return [...(await faults()), ...(await issuerFaults())]
      }
      const [genesis] = await ledger.entriesAfter(-1)
      return genesis?.actor === 'sandbox'
        ? ['DATA_DIR: its registry was begun by a sandbox; production needs a registry of its own']
        : []
    },

    /** Forgets what has run its course, and catches up with the ledger. */
    async housekeeping(): Promise<void> {
      const now = clock()
      await transactions.expire(now)
      await transactions.forgetResults(now)
      await offers.forgetExpired(now)
      await accessTokens.forgetExpired(now)
      await nonces.forgetExpired(now)
      await seenProofs.forgetExpired(now)
      await registry.refresh()
    },
  }
}

function stateEntry(cc: string) {
  const state = states.get(cc)
  return state ? [[cc, state] as const] : []
}
