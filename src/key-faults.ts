import type { Config } from './config.ts'
import { ecPublicJwk } from './credential/jwk.ts'
import { type PublicKey, parseJws, signJws, verifyJws } from './credential/jws.ts'
import type { KeyPurpose } from './credential/key-purpose.ts'
import { toNumericDate } from './credential/numeric-date.ts'
import { type Certificate, certifies, uriNames, verifyChain } from './credential/x509.ts'
import type { KeyRing } from './platform/keys.ts'
import { entityIds } from './trust/entity-id.ts'
import type { TrustAnchor } from './trust/facts.ts'
import type { Snapshot } from './trust/snapshot.ts'

type Deps = { config: Config; keys: KeyRing }

type Rule = {
  use: TrustAnchor['use']
  purpose: KeyPurpose
  /** How the certificate of an issuer's key must name that issuer. */
  names?: (leaf: Certificate, issuer: string) => boolean
}

/** By which anchors the certificates of a kind of key are believed, and for what. */
const certified: Record<string, Rule> = {
  credential: { use: 'issuer_ca', purpose: 'credential', names: certifies },
  document: { use: 'issuer_ca', purpose: 'mdoc', names: certifiesAlone },
  'status-list': { use: 'issuer_ca', purpose: 'status-list' },
  access: { use: 'reader_ca', purpose: 'access' },
  registration: { use: 'reader_ca', purpose: 'registration' },
}

/**
 * Whether what we would sign would be believed: each key signs, its certificate is for that key and
 * that use, by an anchor of the registry, and an issuer's names that issuer. A line for each fault.
 */
export async function keyFaults(deps: Deps, registry: Snapshot, at: Date): Promise<string[]> {
  const purposes = [...new Set(deps.config.keys.keys.map(({ purpose }) => purpose))]
  const found = await Promise.all(purposes.map((purpose) => keyFault(deps, registry, at, purpose)))
  return found.filter((fault) => fault !== undefined).map((fault) => `KEYS_DIR: ${fault}`)
}

async function keyFault(
  { config, keys }: Deps,
  registry: Snapshot,
  at: Date,
  purpose: string,
): Promise<string | undefined> {
  const [kind = '', who = ''] = purpose.split(':')
  const rule = certified[kind]
  const served = rule?.use === 'issuer_ca' ? config.states.includes(who) : true
  if (!served || (!rule && kind !== 'receipt')) return undefined
  const [{ jwk, x5c, iat }] = keys.publicKeys(purpose)
  if (iat !== undefined && toNumericDate(at) < iat) return `${purpose} is not in use yet (iat)`
  if (!rule) {
    return (await signs(keys, purpose, ecPublicJwk(jwk))) ? undefined : `${purpose} does not sign`
  }
  const chain = await verifyChain(x5c, registry.anchors(rule.use, at), at, rule.purpose)
  if (!chain.ok)
    return `${purpose} is not believed by the registry in DATA_DIR: ${chain.error} ${mend}`
  if (!(await signs(keys, purpose, chain.value.leafKey))) {
    return `${purpose} does not sign what its certificate verifies`
  }
  const { names } = rule
  const id = entityIds(config.publicUrl).issuer(who)
  return !names || names(chain.value.leaf, id)
    ? undefined
    : `the certificate of ${purpose} does not name ${id} (npm run keys -- --origin ${config.publicUrl} --out FOLDER)`
}

/** An mdoc does not name its issuer itself: if its signer's certificate names a URI, it is that one. */
function certifiesAlone(leaf: Certificate, issuer: string): boolean {
  return certifies(leaf, issuer) && uriNames(leaf).every((uri) => uri === issuer)
}

const mend = 'Use the keys with which DATA_DIR was begun, or an empty DATA_DIR.'

/** Whether the private key of a purpose signs what this public key verifies. */
async function signs(keys: KeyRing, purpose: string, publicKey: PublicKey | undefined) {
  try {
    const jws = parseJws(await signJws({}, 'ready', (bytes) => keys.sign(purpose, bytes)))
    return jws !== undefined && publicKey !== undefined && (await verifyJws(jws, publicKey))
  } catch {
    return false
  }
}
