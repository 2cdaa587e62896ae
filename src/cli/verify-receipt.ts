import { readFileSync } from 'node:fs'
import { parseArgs, styleText } from 'node:util'
import { readConfig } from '../config.ts'
import { cryptography } from '../credential/crypto.ts'
import { digestText } from '../credential/digest.ts'
import { parseJson, parseJsonObject } from '../credential/json.ts'
import { jwkKeyRing } from '../platform/jwk-key-ring.ts'
import { receiptJwks } from '../presentation/receipt.ts'
import { type Receipt, verifyReceipt } from '../presentation/verify-receipt.ts'
import { ok, type Result, refuse } from '../result.ts'
import { readText } from './file.ts'
import { presentationsIn, readPresented } from './presented-file.ts'
import { receiptTree } from './receipt-tree.ts'

/**
 * `verify-receipt FILE`: whether a receipt is good, by a saved JWK Set or the keys that are configured,
 * and whether it is about a presentation that was kept. Answers the exit code: 0 good, 1 not good.
 */
export async function verifyReceiptFile(args: string[]): Promise<Result<number, string>> {
  const { positionals, values } = parseArgs({
    args,
    allowPositionals: true,
    options: { jwks: { type: 'string' }, presentation: { type: 'string' } },
  })
  const [file, ...others] = positionals
  if (file === undefined || others.length > 0) return refuse('verify-receipt takes one FILE')
  const text = readText(file)
  if (!text.ok) return text
  const jwks = values.jwks === undefined ? configuredKeys() : savedKeys(values.jwks)
  if (!jwks.ok) return jwks
  const kept =
    values.presentation === undefined ? ok(undefined) : await keptHashes(values.presentation)
  if (!kept.ok) return kept

  const verified = await verifyReceipt(receiptIn(text.value), jwks.value)
  if (!verified.ok) {
    console.log(`${styleText(['bold', 'red'], 'NOT GOOD')} ${verified.error}`)
    return ok(1)
  }
  const { receipt, key } = verified.value
  console.log(receiptTree(receipt, key))
  if (!kept.value) return ok(0)
  const about = aboutKept(receipt, kept.value)
  console.log(about.sentence)
  return ok(about.isSame ? 0 : 1)
}

/** A receipt by itself, or an answer of the API that holds one. */
function receiptIn(text: string): string {
  const { receipt } = (text.startsWith('{') && parseJsonObject(text)) || {}
  return typeof receipt === 'string' ? receipt : text
}

function savedKeys(file: string): Result<unknown, string> {
  const text = readText(file)
  if (!text.ok) return text
  const jwks = parseJson(text.value)
  return jwks === undefined ? refuse(`${file} is no JSON with unique names`) : ok(jwks)
}

function configuredKeys(): Result<unknown, string> {
  const config = readConfig(process.env, (path) => readFileSync(path, 'utf8'))
  return config.ok
    ? ok(receiptJwks(jwkKeyRing(config.value.keys, cryptography())))
    : refuse(config.error.join('\n'))
}

async function keptHashes(file: string): Promise<Result<string[], string>> {
  const text = readText(file)
  if (!text.ok) return text
  const read = readPresented(text.value)
  if (!read.ok) return read
  if (!('presented' in read.value)) return refuse(`${file} holds a report and no presentation`)
  const hashes = presentationsIn(read.value.presented).map(
    async ({ presentation }) => await digestText(presentation),
  )
  return ok(await Promise.all(hashes))
}

/** Whether what was kept is what the receipt is about: each presentation of it, and nothing else. */
function aboutKept({ presentations }: Receipt, kept: readonly string[]) {
  const about = presentations.filter(({ sha256 }) => kept.includes(sha256))
  const known = new Set(presentations.map(({ sha256 }) => sha256))
  const isSame = about.length > 0 && kept.every((hash) => known.has(hash))
  const sentence = isSame
    ? `${styleText('green', '✔')} The presentation is the one that was judged (${about.map(({ query_id }) => query_id).join(', ')}): its SHA-256 is in the receipt.`
    : `${styleText('red', '✘')} The presentation is not the one that was judged: its SHA-256 is not in the receipt.`
  return { isSame, sentence }
}
