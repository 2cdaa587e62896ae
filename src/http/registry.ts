import { type Context, Hono } from 'hono'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { CurrentRegistry } from '../registry/current.ts'
import { recognitionsAsOf } from '../registry/recognitions.ts'
import { factToWire } from '../registry/wire.ts'
import { ok, type Result, refuse } from '../result.ts'
import type { Recognition } from '../trust/facts.ts'
import type { Snapshot, Standings } from '../trust/snapshot.ts'
import { readQuery } from './body.ts'
import { crossOrigin } from './cross-origin.ts'
import { readInstant, toInstant } from './instant.ts'
import { problem } from './render.ts'

type Deps = {
  clock: Clock
  registry: CurrentRegistry
  /** Said with every recognition, so that nobody takes an invented one for a government's. */
  note?: string
}

/** `/registry`: what the registry knows, for everyone, as of any instant and any position. */
export function registryRoutes({ clock, registry, note }: Deps) {
  return new Hono()
    .use(crossOrigin({ origin: '*' }))
    .get('/recognitions', async (c) => {
      const asked = await readAsked(c, { clock, registry })
      if (!asked.ok) return problem(asked.error)
      const held = { snapshot: asked.value.current, facts: registry.facts() }
      const { at, recognitions, known, matrix } = recognitionsAsOf(held, asked.value)
      return c.json({
        at: toInstant(at.getTime() / 1000),
        known,
        ...(note && { note }),
        recognitions: recognitions.map(toWire),
        matrix,
      })
    })
    .get('/facts', async (c) => {
      const asked = await readAsked(c, { clock, registry })
      if (!asked.ok) return problem(asked.error)
      const lines = registry
        .facts()
        .filter(({ position }) => position <= asked.value.known)
        .map(({ position, ...fact }) => JSON.stringify({ position, ...factToWire(fact) }))
      return c.body(lines.map((line) => `${line}\n`).join(''), 200, {
        'content-type': 'application/x-ndjson',
      })
    })
}

type Asked = { at: Date; known: number; current: Snapshot }

/** `at`, by default now; `known`, by default the newest position. */
async function readAsked(c: Context, { clock, registry }: Deps): Promise<Result<Asked, Refusal>> {
  const query = readQuery(c)
  if (!query.ok) return query
  const at = query.value.get('at')
  const instant = at === undefined ? clock() : readInstant(at)
  if (!instant) {
    return malformed(
      'at is not an instant. Send RFC 3339 (with + as %2B) or whole seconds since the epoch.',
    )
  }
  const known = query.value.get('known')
  if (known !== undefined && !/^\d{1,15}$/.test(known)) {
    return malformed('known is not a ledger position. Send a whole number, from 0.')
  }
  const snapshot = await registry.snapshot()
  if (!snapshot.ok) return snapshot
  const current = snapshot.value
  const position = known === undefined ? current.position : Number(known)
  if (position > current.position) {
    const detail = `The ledger ends at position ${current.position}. Ask for that or earlier.`
    return refuse({ code: 'not_found', detail })
  }
  return ok({ at: instant, known: position, current })
}

const malformed = (detail: string) => refuse({ code: 'malformed_request' as const, detail })

/** The status is `granted` while in force; a window that is over makes it `expired`. */
function toWire({ fact, standing }: Standings<Recognition>) {
  const { type: _, valid_from: __, valid_to: ___, ...wire } = factToWire(fact)
  return {
    ...wire,
    valid_from: toInstant(fact.validFrom),
    valid_to: fact.validTo === undefined ? null : toInstant(fact.validTo),
    status: standing,
  }
}
