#!/usr/bin/env node
import './on-node.ts'
import { readFileSync } from 'node:fs'
import type { PurposeJwk } from './platform/jwk-key-ring.ts'
import { ok, type Result, refuse } from './result.ts'

/** What a command answers: its exit code, or a sentence on how it was used wrongly. */
type Command = (args: string[]) => Promise<Result<number, string>>

const usage = `gerbang <command>

  demo                 the main journey in the terminal, against a gateway it starts itself
  verify FILE          explains a presentation, check by check; 0 verified, 1 refused, 2 judged in part
  verify-receipt FILE  verifies a receipt, offline and years later; 0 good, 1 not good
  keys wrap FILE       seals the keys of a keys.jwks.json under $KEYS_KEK, as SQL for D1

verify: FILE is a presentation (SD-JWT VC or mdoc), a body of POST /v1/verify, or a saved answer with its
report; - is the standard input. What is not said cannot be judged, and is skipped.
  --relying-party ID   who verifies, such as bank-sg     --nonce, --audience  those of the request
  --purpose CODE       such as bank-kyc                  --at INSTANT         as of then, and not now
  --online             may fetch others' status lists    --claims             prints what is shown
  --response-uri URI, --jwk-thumbprint HASH   what the device of an mdoc signed over besides: where its
                       answer was sent, and the key that it was encrypted to (RFC 7638, base64url)

verify-receipt: FILE is a receipt, or a saved answer that holds one.
  --jwks FILE          a saved /.well-known/jwks.json; otherwise the keys of this gateway
  --presentation FILE  what was kept of the presentation: whether it is the one that was judged
`

const commands: Record<string, Command> = {
  async demo(args) {
    if (args.length > 0) return refuse('demo takes nothing more')
    await (await import('./cli/demo.ts')).demo()
    return ok(0)
  },
  verify: async (args) => (await import('./cli/verify.ts')).verifyFile(args),
  'verify-receipt': async (args) =>
    (await import('./cli/verify-receipt.ts')).verifyReceiptFile(args),
  async keys([what, file, ...others]) {
    if (what !== 'wrap' || file === undefined || others.length > 0) {
      return refuse('keys takes wrap and one FILE')
    }
    await wrapKeys(file)
    return ok(0)
  },
}

process.exitCode = await run(process.argv.slice(2))

async function run([name = '', ...args]: string[]): Promise<number> {
  if ([name, ...args].some((arg) => arg === '--help' || arg === '-h')) {
    console.log(usage)
    return 0
  }
  const command = Object.hasOwn(commands, name) ? commands[name] : undefined
  if (!command) {
    console.error(usage)
    return 2
  }
  try {
    const done = await command(args)
    return done.ok ? done.value : misused(done.error)
  } catch (error) {
    const isMisuse = error instanceof TypeError && 'code' in error
    return isMisuse && String(error.code).startsWith('ERR_PARSE_ARGS')
      ? misused(error.message)
      : failed(error)
  }
}

function misused(sentence: string): number {
  console.error(`gerbang: ${sentence}\ngerbang --help says how it is used`)
  return 2
}

function failed(error: unknown): number {
  console.error(error instanceof Error ? error.message : error)
  return 1
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
