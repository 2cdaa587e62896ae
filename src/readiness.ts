import type { Config } from './config.ts'
import { keyFaults } from './key-faults.ts'
import type { Clock } from './platform/clock.ts'
import type { KeyRing } from './platform/keys.ts'
import type { RelyingPartyKeyStore } from './presentation/relying-party-keys.ts'
import { ensureSandboxApiKeys } from './presentation/sandbox-api-keys.ts'
import { states as allStates } from './providers/states.ts'
import type { CurrentRegistry } from './registry/current.ts'
import type { Ledger } from './registry/ledger.ts'
import { ensureGenesis, sandboxGenesis, sandboxRelyingParties } from './sandbox.ts'
import { entityIds } from './trust/entity-id.ts'
import type { Fact } from './trust/facts.ts'
import type { Snapshot } from './trust/snapshot.ts'

export type ReadinessDeps = {
  config: Config
  clock: Clock
  keys: KeyRing
  ledger: Ledger
  registry: CurrentRegistry
  relyingPartyKeys: RelyingPartyKeyStore
  triggerFaults: () => Promise<string[]>
}

/** What keeps us from serving, as of now, a line each; none is a clean bill. */
export async function faults({ triggerFaults, registry }: ReadinessDeps): Promise<string[]> {
  try {
    const triggers = await triggerFaults()
    const current = await registry.snapshot()
    return [
      ...triggers.map((fault) => `DATA_DIR: ${fault}`),
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
  if ((await deps.triggerFaults()).length > 0) return faults(deps)
  const { env } = deps.config
  const unseeded = env === 'sandbox' ? await seedSandbox(deps) : []
  if (unseeded.length > 0) return unseeded

  const current = await deps.registry.snapshot()
  if (!current.ok) return faults(deps)
  if (env === 'production' && deps.registry.facts().some(isOfSandbox)) {
    return ['DATA_DIR: its registry was begun by a sandbox; production needs a registry of its own']
  }
  // A registry without an entry believes nobody yet; there is nothing to hold keys against.
  if (current.value.position < 0) return []
  const strangers = unknownIssuers(deps.config, current.value)
  return strangers.length > 0 ? strangers : keyFaults(deps, current.value, deps.clock())
}

/** The sandbox's registry and its relying parties, made at the first start. */
async function seedSandbox(deps: ReadinessDeps): Promise<string[]> {
  const { clock, config, ledger } = deps
  const { anchors, keys } = config.keys
  const have = new Set([...Object.keys(anchors), ...keys.map(({ purpose }) => purpose)])
  const needed = [
    ...[...allStates.keys()].map((cc) => `issuer-${cc}`),
    ...['reader', 'wallet-provider', 'registration'],
    ...sandboxRelyingParties.map(({ id }) => `access:${id}`),
  ]
  const missing = needed.filter((each) => !have.has(each))
  if (missing.length > 0) {
    return [`KEYS_DIR: the sandbox needs anchors and access keys, and has no ${missing.join(', ')}`]
  }
  const anchorOf = (id: string) => anchors[id] ?? ''
  const { registry: registryId, relyingParty } = entityIds(config.publicUrl)
  await ensureGenesis({ clock, ledger, registryId }, () =>
    sandboxGenesis({
      origin: config.publicUrl,
      now: clock(),
      // All of them, whichever we serve: the registry is of the federation.
      states: allStates.values(),
      anchors: Object.fromEntries(
        [...allStates.keys()].map((cc) => [cc, anchorOf(`issuer-${cc}`)]),
      ),
      readerCa: anchorOf('reader'),
      walletProviderCa: anchorOf('wallet-provider'),
    }),
  )
  await ensureSandboxApiKeys(
    deps,
    sandboxRelyingParties.map(({ id }) => relyingParty(id)),
  )
  return []
}

/** Recognition on the basis of nothing but the sandbox says what the registry is. */
const isOfSandbox = (fact: Fact) => fact.type === 'recognition' && fact.legalBasis === 'sandbox'

/** Our issuers that the registry does not know: then it was begun under another address of ours. */
export function unknownIssuers({ publicUrl, states }: Config, registry: Snapshot): string[] {
  const unknown = states
    .map((cc) => entityIds(publicUrl).issuer(cc))
    .filter((id) => registry.entity(id)?.role !== 'issuer')
  return unknown.length === 0
    ? []
    : [
        `DATA_DIR: its registry does not know ${unknown[0]}${unknown.length > 1 ? ' and others' : ''}; it was begun under another PUBLIC_URL. Start with that one, or with an empty DATA_DIR`,
      ]
}
