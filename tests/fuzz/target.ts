import type { Check, Presentation } from '../support/gateway.ts'

/** What came of an input: the checks that failed, or what was released. */
export type Outcome = { checks: readonly Check[]; credentials: Presentation['credentials'] }

/** Something that takes hostile input, and what must hold of it whatever comes. */
export type Target = {
  name: string
  /** Good inputs, from which the first mutations are made. */
  seeds: readonly string[]
  /** Another input out of one, by draws that are the same for the same seed. */
  mutate(input: string, draw: Draw): Promise<string>
  judge(input: string): Promise<Outcome>
  /** Whether all that was released of this input had been signed by the issuer. */
  isGenuine(released: NonNullable<Outcome['credentials']>): boolean
}

/** Numbers and a text that fit any mutation: each is taken modulo what there is. */
export type Draw = { kind: number; part: number; at: number; value: number; text: string }

/** More than any input may take, on a machine with other things to do (ms of this thread's CPU). */
const maxCpuMs = 500

/** What was wrong with how an input was taken; undefined when all held. */
export async function faultOf(target: Target, input: string): Promise<string | undefined> {
  return (await tried(target, input)).fault
}

/** Judges an input, and says what did not hold, or what its outcome is like. */
export async function tried(
  target: Target,
  input: string,
): Promise<{ fault?: string; likeness: string }> {
  const started = process.cpuUsage()
  try {
    const { checks, credentials } = await target.judge(input)
    const { user, system } = process.cpuUsage(started)
    const likeness = likenessOf(checks)
    if (user + system > maxCpuMs * 1000) {
      return { likeness, fault: `took ${Math.round((user + system) / 1000)} ms of CPU` }
    }
    if (credentials && !target.isGenuine(credentials)) {
      return { likeness, fault: 'released what the issuer had not signed' }
    }
    return { likeness }
  } catch (error) {
    return { likeness: 'thrown', fault: `threw ${error instanceof Error ? error.stack : error}` }
  }
}

/** Two inputs are alike when the same checks failed for the same reasons; numbers aside. */
const likenessOf = (checks: readonly Check[]) =>
  checks
    .filter(({ outcome }) => outcome === 'fail')
    .map(({ id, detail }) => `${id} ${detail.replaceAll(/\d+/g, '#').slice(0, 80)}`)
    .join('|')
