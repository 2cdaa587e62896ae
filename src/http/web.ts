import { Hono } from 'hono'
import { donePage } from '../pages/done.ts'
import { homePage } from '../pages/home.ts'
import { icon, style } from '../pages/style.ts'
import type { Clock } from '../platform/clock.ts'
import type { CurrentRegistry } from '../registry/current.ts'
import { recognitionsAsOf } from '../registry/recognitions.ts'
import { problem } from './render.ts'

type Deps = {
  env: 'sandbox' | 'production'
  origin: string
  clock: Clock
  registry: CurrentRegistry
}

/** The pages that people see, and their style sheet. */
export function webRoutes({ env, origin, clock, registry }: Deps) {
  const sandbox = env === 'sandbox'
  return new Hono()
    .get('/', async (c) => {
      const current = await registry.snapshot()
      if (!current.ok) return problem(current.error)
      const held = { snapshot: current.value, facts: registry.facts() }
      const view = recognitionsAsOf(held, { at: clock(), known: current.value.position })
      return c.html(homePage({ sandbox, origin, view }))
    })
    .get('/presentations/done', (c) => c.html(donePage({ sandbox })))
    .get('/assets/style.css', (c) => c.body(style, 200, asset('text/css')))
    .get('/assets/icon.svg', (c) => c.body(icon, 200, asset('image/svg+xml')))
}

const asset = (type: string) => ({ 'content-type': type, 'cache-control': 'max-age=3600' })
