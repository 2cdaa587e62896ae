import canonicalize from 'canonicalize'
import { sha256 } from '../credential/digest.ts'
import { type Json, parseJson, parseJsonObject } from '../credential/json.ts'
import { toNumericDate } from '../credential/numeric-date.ts'
import { leafHash } from '../transparency/leaf-hash.ts'
import type { Fact, KnownFact } from '../trust/facts.ts'
import { factFromWire, factToWire } from './wire.ts'

/** An entry of the ledger as it is kept: the text that the Merkle tree commits to, and its hash. */
export type LedgerEntry = {
  position: number
  kind: string
  /** A pseudonymous id, never a name. */
  actor: string
  recordedAt: Date
  /** RFC 8785 form of `{registry_id, position, kind, recorded_at, actor, facts | facts_sha256}`. */
  leaf: string
  /** RFC 9162 2.1.1, in hexadecimal. */
  leafHash: string
  /** The facts, where they are too large for the leaf: RFC 8785 form, and its SHA-256 in hexadecimal. */
  blob?: { sha256: string; body: string }
}

type EntryDraft = {
  /** Which registry it belongs to: in no other does it hold. */
  registryId: string
  position: number
  kind: string
  actor: string
  recordedAt: Date
  facts: readonly Fact[]
}

/** C2SP tlog-tiles: an entry bundle gives each entry's length in two bytes. */
const maxLeafBytes = 65_535

const utf8 = new TextEncoder()

/** Frames facts as the entry at a position. */
export async function frameEntry(draft: EntryDraft): Promise<LedgerEntry> {
  const { registryId, position, kind, actor, recordedAt } = draft
  const head = {
    registry_id: registryId,
    position,
    kind,
    actor,
    recorded_at: toNumericDate(recordedAt),
  }
  const facts = draft.facts.map(factToWire)
  const inline = canonical({ ...head, facts })
  if (utf8.encode(inline).length <= maxLeafBytes) return sealed(draft, inline)
  const body = canonical(facts)
  const blob = { body, sha256: hex(await sha256(body)) }
  return { ...(await sealed(draft, canonical({ ...head, facts_sha256: blob.sha256 }))), blob }
}

async function sealed(
  { position, kind, actor, recordedAt }: EntryDraft,
  leaf: string,
): Promise<LedgerEntry> {
  const hash = hex(await leafHash(utf8.encode(leaf)))
  return { position, kind, actor, recordedAt, leaf, leafHash: hash }
}

/**
 * The facts of an entry as it was kept. Throws where the entry is not what its hashes say: then the
 * database was changed by someone else, and nothing of it may be believed (`isAlteration`).
 */
export async function readEntry(entry: LedgerEntry): Promise<KnownFact[]> {
  const corrupt = () => alteration(`ledger entry ${entry.position} is not what its hash says`)
  if (hex(await leafHash(utf8.encode(entry.leaf))) !== entry.leafHash) throw corrupt()
  const leaf = parseJsonObject(entry.leaf)
  if (leaf?.position !== entry.position) throw corrupt()
  const facts = leaf.facts ?? (await openBlob(entry, leaf.facts_sha256))
  if (!Array.isArray(facts)) throw corrupt()
  return facts.map((value) => {
    const fact = factFromWire(value)
    if (!fact) throw alteration(`ledger entry ${entry.position} holds what is not a fact`)
    return { ...fact, position: entry.position }
  })
}

/** That a ledger was read, and is not as we wrote it: no trying again will help. */
export const alteration = (what: string) => Object.assign(new Error(what), { name: alterationName })
export const isAlteration = (error: unknown): error is Error =>
  error instanceof Error && error.name === alterationName
const alterationName = 'LedgerAltered'

async function openBlob(
  { blob }: LedgerEntry,
  expected: Json | undefined,
): Promise<Json | undefined> {
  return blob && hex(await sha256(blob.body)) === expected ? parseJson(blob.body) : undefined
}

function canonical(value: Json): string {
  const text = canonicalize(value)
  if (text === undefined) throw new TypeError('what is not JSON has no canonical form')
  return text
}

const hex = (bytes: Uint8Array) =>
  Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('')
