#!/usr/bin/env node
import { readFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import type { PurposeJwk } from './platform/jwk-key-ring.ts'

const usage = `gerbang <command>

  demo            the main journey in the terminal, against a gateway it starts itself
  keys wrap FILE  seals the keys of a keys.jwks.json under $KEYS_KEK, as SQL for D1
`

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { help: { type: 'boolean', short: 'h' } },
})
const [command, ...rest] = positionals

try {
  if (command === 'demo') await (await import('./demo.ts')).demo()
  else if (command === 'keys' && rest[0] === 'wrap' && rest[1]) await wrapKeys(rest[1])
  else {
    const asked = values.help === true
    ;(asked ? console.log : console.error)(usage)
    process.exitCode = asked ? 0 : 2
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
}

/** Prints what `wrangler d1 execute` writes; only the boxes leave, and `KEYS_KEK` opens them. */
async function wrapKeys(file: string): Promise<void> {
  const kek = process.env.KEYS_KEK ?? ''
  // 256 bits are 43 characters of base64url.
  if (kek.length < 43) throw new Error('KEYS_KEK: set it to 256 random bits in base64url')
  const { wrapKey } = await import('./wrapped-keys.ts')
  const keys: PurposeJwk[] = JSON.parse(readFileSync(file, 'utf8')).keys
  const wrapped = await Promise.all(keys.map((key) => wrapKey(kek, key)))
  const rows = wrapped.map(({ kid, box }) => `('${kid.replaceAll("'", "''")}', '${box}')`)
  console.log(`INSERT INTO wrapped_keys (kid, box) VALUES\n${rows.join(',\n')};`)
}
