import { readFileSync } from 'node:fs'
import { ok, type Result, refuse } from '../result.ts'

const maxBytes = 4 * 1024 * 1024

/** The text of a file, or of the standard input for `-`, without space around it. */
export function readText(file: string): Result<string, string> {
  const name = file === '-' ? 'the standard input' : file
  try {
    const bytes = readFileSync(file === '-' ? 0 : file)
    if (bytes.length > maxBytes) return refuse(`${name} is larger than 4 MiB`)
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes).trim()
    return text === '' ? refuse(`${name} is empty`) : ok(text)
  } catch (error) {
    const why = error instanceof TypeError ? 'it is not text in UTF-8' : messageOf(error)
    return refuse(`${name} cannot be read: ${why}`)
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error))
