import file from '../keys-example/keys.jwks.json' with { type: 'json' }
import type { KeyFile } from './platform/jwk-key-ring.ts'

/**
 * The sandbox's keys: everybody has them, so a production gateway must refuse each of them. Imported
 * and not read, so that a Worker has them too, and so that the refusal cannot be got around by
 * deleting a folder.
 */
export const exampleKeys: KeyFile = file

const material: ReadonlySet<string | undefined> = new Set([
  ...file.keys.map((key) => key.x ?? key.k),
  ...file.others,
])

/** Whether everybody has this key, whatever it is called now: compared is what makes it a key. */
export const isExampleKey = (key: { x?: string; k?: string }): boolean =>
  material.has(key.x ?? key.k)
