import { mdocTargets } from './mdoc.ts'
import { sdJwtVcTargets } from './sd-jwt-vc.ts'
import type { Target } from './target.ts'
import { createWorld } from './world.ts'

/** All that is fuzzed: each format, by its holder and by its issuer. */
export async function createTargets(): Promise<Target[]> {
  const world = await createWorld()
  return [...(await sdJwtVcTargets(world)), ...(await mdocTargets(world))]
}
