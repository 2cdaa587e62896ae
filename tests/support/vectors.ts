import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** Published test vectors live beside the project; `VECTORS_DIR` says where. They are never copied in. */
export const vectorsFolder =
  process.env.VECTORS_DIR ?? join(import.meta.dirname, '../../../shared/vectors')

export const hasVectors = existsSync(vectorsFolder)

/** The text of a vector file, by its path below the folder, without the final line break. */
export function vector(path: string): string {
  return readFileSync(join(vectorsFolder, path), 'utf8').trimEnd()
}

/** A vector file that is JSON. */
export function jsonVector<T = unknown>(path: string): T {
  return JSON.parse(vector(path)) as T
}
