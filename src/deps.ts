import type { Config } from './config.ts'
import { cryptography } from './credential/crypto.ts'
import { keepHouse } from './housekeeping.ts'
import type { Clock } from './platform/clock.ts'
import { type FetchGuard, guardedFetch } from './platform/fetch.ts'
import { jwkKeyRing } from './platform/jwk-key-ring.ts'
import { type Log, trace } from './platform/log.ts'
import type { Random } from './platform/random.ts'
import { states as allStates } from './providers/states.ts'
import { faults, prepare } from './readiness.ts'
import { currentRegistry } from './registry/current.ts'
import { isAlteration } from './registry/entry.ts'
import { statusOf } from './status-of.ts'
import { accessTokenStore } from './store/access-tokens.ts'
import type { Database } from './store/database.ts'
import { issuanceStore } from './store/issuances.ts'
import { offerStore } from './store/offers.ts'
import { ledgerStore } from './store/registry.ts'
import { relyingPartyKeyStore } from './store/relying-party-keys.ts'
import { seenProofStore } from './store/seen-proofs.ts'
import { statusListStore } from './store/status-lists.ts'
import { transactionStore } from './store/transactions.ts'
import { triggerFaults } from './store/triggers.ts'
import { verificationRecordStore } from './store/verification-records.ts'
import type { TrustAnchor } from './trust/facts.ts'

/** The doors to the world, each of another make on Node, on Workers and in tests. */
export type World = {
  config: Config
  database: Database
  clock: Clock
  random: Random
  connect: FetchGuard['connect']
  log: Log
  /** Aborted once we are told to stop. */
  stopping?: AbortSignal
}

export type Deps = ReturnType<typeof createDeps>

/** Wires the rooms: who calls whom across them is decided here and nowhere else. */
export function createDeps({ config, database, clock, random, connect, log, stopping }: World) {
  const { publicUrl: origin, env, trustedOrigins } = config
  const keys = jwkKeyRing(config.keys, cryptography())
  const states = new Map([...allStates].filter(([cc]) => config.states.includes(cc)))
  const ledger = ledgerStore(database)
  const registry = currentRegistry({
    clock,
    ledger,
    // What was altered is told in words of ours, which name the entry; anything else by its trace.
    onUnreadable: (error) =>
      log.error('registry unreadable', {
        error: isAlteration(error) ? error.message : trace(error),
      }),
  })
  const offers = offerStore(database)
  const accessTokens = accessTokenStore(database)
  const seenProofs = seenProofStore(database)
  const statusLists = statusListStore(database)
  const transactions = transactionStore(database)
  const relyingPartyKeys = relyingPartyKeyStore(database)

  let answerOwn: FetchGuard['own']['fetch'] = () => new Response(null, { status: 404 })
  const own: FetchGuard['own'] = { origin, fetch: (request) => answerOwn(request) }

  async function snapshot() {
    const current = await registry.snapshot()
    if (!current.ok) throw new Error(current.error.detail)
    return current.value
  }
  const readiness = {
    config,
    clock,
    keys,
    ledger,
    registry,
    relyingPartyKeys,
    triggerFaults: () => triggerFaults(database),
  }
  const records = verificationRecordStore(database)
  const forgetful = [offers, accessTokens, seenProofs, records]

  return {
    config,
    origin,
    env,
    trustedOrigins,
    clock,
    random,
    log,
    keys,
    states,
    registry,
    snapshot: registry.snapshot,
    trustAnchors: async (use: TrustAnchor['use'], at: Date) => (await snapshot()).anchors(use, at),
    statusOf: statusOf({
      origin,
      clock,
      statusLists,
      fetch: guardedFetch({ connect, own }),
      snapshot,
    }),
    offers,
    accessTokens,
    statusLists,
    issuances: issuanceStore(database),
    rememberProof: seenProofs.remember,
    transactions,
    record: records.record,
    relyingPartyKeys,
    stopping: stopping ?? new AbortController().signal,

    faults: () => faults(readiness),
    prepare: () => prepare(readiness),
    housekeeping: () => keepHouse({ clock, registry, transactions, forgetful }),

    /** Says what answers requests for our own addresses: in process, and never over the network. */
    answerOwnBy(fetch: FetchGuard['own']['fetch']): void {
      answerOwn = fetch
    },
  }
}
