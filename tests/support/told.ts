import { describe, expect, it } from 'vitest'
import { origin, type Presentation } from './gateway.ts'

export type Report = NonNullable<Presentation['report']>

/** A report, and what nobody may find in it: of the person, of the presentation, of the request. */
export type Told = { report: Report; secrets: readonly unknown[] }
export type Flow = () => Promise<Told>

/** Flows in which a check comes out so. */
export type Ways = { pass: Flow; fail: Flow } | { pass: Flow; skip: Flow } | { skip: Flow }

export function told(result: Pick<Presentation, 'report'>, ...secrets: unknown[]): Told {
  if (!result.report) throw new Error('no report')
  return { report: result.report, secrets }
}

/** What must not be found: each text inside a value, and each part of what is encoded. */
export function textsIn(value: unknown): string[] {
  if (typeof value === 'object' && value !== null) return Object.values(value).flatMap(textsIn)
  return typeof value === 'string' ? [value, ...value.split(/[~.]/)] : []
}

/** What a report may say of a credential: who issued it, as what. Two letters are a country. */
const isPublic = (text: string) =>
  text.length < 4 ||
  text.startsWith('urn:gerbang:') ||
  'org.gerbang.pid.1'.includes(text) ||
  text.startsWith(origin) ||
  text === 'sandbox'

function expectNothingSecret({ report, secrets }: Told): void {
  const whole = JSON.stringify(report)
  const texts = secrets.flatMap(textsIn).filter((text) => !isPublic(text))
  expect(texts.length).toBeGreaterThan(0)
  expect(texts.filter((text) => whole.includes(text))).toEqual([])
}

/** Every check comes out as it should, with a remedy where it fails, and tells no secret. */
export function eachCheck(flows: Record<string, Ways>): void {
  describe.each(Object.entries(flows))('%s', (check, ways) => {
    it.each(Object.entries(ways))('%s', async (outcome, flow: Flow) => {
      const seen = await flow()
      const found = seen.report.checks.filter(({ id }) => id === check)
      expect(found.map((each) => each.outcome)).toContain(outcome)
      for (const { outcome, remedy } of found) {
        expect(remedy).toEqual(outcome === 'fail' ? expect.any(String) : null)
      }
      expectNothingSecret(seen)
    })
  })
}
