import type { Config } from './config.ts'
import { covers, verifyChain } from './credential/x509.ts'
import type { Clock } from './platform/clock.ts'
import type { KeyRing } from './platform/keys.ts'
import type { RelyingPartyKeyStore } from './presentation/relying-party-keys.ts'
import { ensureSandboxApiKeys } from './presentation/sandbox-api-keys.ts'
import type { StateProfile } from './providers/profile.ts'
import type { CurrentRegistry } from './registry/current.ts'
import type { Ledger } from './registry/ledger.ts'
import { ensureGenesis, sandboxGenesis, sandboxRelyingParties } from './sandbox.ts'
import { entityIds } from './trust/entity-id.ts'

export type ReadinessDeps = {
  config: Config
  clock: Clock
  keys: KeyRing
  states: ReadonlyMap<string, StateProfile>
  ledger: Ledger
  registry: CurrentRegistry
  relyingPartyKeys: RelyingPartyKeyStore
  missingTriggers: () => Promise<string[]>
}

/** What keeps us from serving, as of now, a line each; none is a clean bill. */
export async function faults({ missingTriggers, registry }: ReadinessDeps): Promise<string[]> {
  try {
    const missing = await missingTriggers()
    const current = await registry.snapshot()
    return [
      ...missing.map((trigger) => `DATA_DIR: the database has lost the trigger ${trigger}`),
      ...(current.ok ? [] : [current.error.detail]),
    ]
  } catch {
    return ['The database does not answer.']
  }
}

/**
 * Makes ready to serve: seeds the sandbox at its first start, and looks whether what we would sign
 * would be believed. Says what stands in the way, a line each.
 */
export async function prepare(deps: ReadinessDeps): Promise<string[]> {
  const missing = await deps.missingTriggers()
  if (missing.length > 0) return faults(deps)
  if (deps.config.env === 'sandbox') {
    await seedSandbox(deps)
    return [...(await faults(deps)), ...(await issuerFaults(deps))]
  }
  const [genesis] = await deps.ledger.entriesAfter(-1)
  return genesis?.actor === 'sandbox'
    ? ['DATA_DIR: its registry was begun by a sandbox; production needs a registry of its own']
    : []
}

/** The sandbox's registry and its relying parties, made at the first start. */
async function seedSandbox(deps: ReadinessDeps): Promise<void> {
  const { clock, config, ledger, states } = deps
  const { anchors } = config.keys
  const anchorOf = (id: string) => anchors[id] ?? ''
  await ensureGenesis({ clock, ledger }, () =>
    sandboxGenesis({
      origin: config.publicUrl,
      now: clock(),
      states: states.values(),
      anchors: Object.fromEntries([...states.keys()].map((cc) => [cc, anchorOf(`issuer-${cc}`)])),
      readerCa: anchorOf('reader'),
      walletProviderCa: anchorOf('wallet-provider'),
    }),
  )
  const { relyingParty } = entityIds(config.publicUrl)
  await ensureSandboxApiKeys(
    deps,
    sandboxRelyingParties.map(({ id }) => relyingParty(id)),
  )
}

/** Whether our issuers would be believed: under our own name, by the anchors in the registry. */
async function issuerFaults({ clock, config, keys, states, registry }: ReadinessDeps) {
  const current = await registry.snapshot()
  if (!current.ok) return []
  const now = clock()
  const anchors = current.value.anchors('issuer_ca', now)
  const found = [...states.keys()].map(async (cc) => {
    const [{ x5c }] = keys.publicKeys(`credential:${cc}`)
    const chain = await verifyChain(x5c, anchors, now)
    if (!chain.ok) {
      return `KEYS_DIR: credential:${cc} does not fit the registry in DATA_DIR. ${chain.error}`
    }
    const id = entityIds(config.publicUrl).issuer(cc)
    return covers(chain.value.leaf, id)
      ? undefined
      : `KEYS_DIR: the certificate of credential:${cc} does not name ${id} (npm run keys -- --origin ${config.publicUrl})`
  })
  return (await Promise.all(found)).filter((fault) => fault !== undefined)
}
