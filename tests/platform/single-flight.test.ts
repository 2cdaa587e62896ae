import { describe, expect, it } from 'vitest'
import { singleFlight } from '../../src/platform/single-flight.ts'

/** Attempts that end when they are told to, a clock that stands, and patience that ends when told to. */
function scene() {
  let now = 0
  const asked: number[] = []
  const patience: AbortController[] = []
  const attempts: PromiseWithResolvers<string>[] = []
  const once = singleFlight<string>({
    clock: () => new Date(now),
    maxMs: 1000,
    timeout(ms) {
      asked.push(ms)
      const controller = new AbortController()
      patience.push(controller)
      return controller.signal
    },
  })
  return {
    asked,
    attempts,
    patience,
    pass: (ms: number) => {
      now += ms
    },
    ask: (key = 'a') =>
      once(key, () => {
        const attempt = Promise.withResolvers<string>()
        attempts.push(attempt)
        return attempt.promise
      }),
  }
}

describe('a single flight', () => {
  it('is one attempt for all who ask at once', async () => {
    const { ask, attempts } = scene()
    const all = Array.from({ length: 50 }, () => ask())
    expect(attempts).toHaveLength(1)
    attempts[0]?.resolve('landed')
    expect(new Set(await Promise.all(all))).toEqual(new Set(['landed']))
  })

  it('is of one key only', async () => {
    const { ask, attempts } = scene()
    const both = [ask('a'), ask('b')]
    attempts[0]?.resolve('one')
    attempts[1]?.resolve('two')
    expect(await Promise.all(both)).toEqual(['one', 'two'])
  })

  it('keeps nothing: who asks after it is another', async () => {
    const { ask, attempts } = scene()
    const first = ask()
    attempts[0]?.resolve('old')
    await first
    const second = ask()
    attempts[1]?.resolve('new')
    expect(await second).toBe('new')
  })

  it('fails for all, and blocks nobody after that', async () => {
    const { ask, attempts } = scene()
    const all = [ask(), ask()]
    attempts[0]?.reject(new Error('lost'))
    for (const each of all) await expect(each).rejects.toThrow('lost')
    const next = ask()
    attempts[1]?.resolve('found')
    expect(await next).toBe('found')
  })

  it('that never ends is waited for no longer than the bound, and then begun anew', async () => {
    const { ask, asked, attempts, patience, pass } = scene()
    ask()
    pass(400)
    const follower = ask()
    expect(asked).toEqual([600])
    patience[0]?.abort()
    expect(await follower).toBeUndefined()
    pass(599)
    ask()
    expect(attempts).toHaveLength(1)
    pass(1)
    const anew = ask()
    expect(attempts).toHaveLength(2)
    const joining = ask()
    // The one given up on lands at last: it must not take the place of the one under way.
    attempts[0]?.resolve('late')
    await Promise.resolve()
    const third = ask()
    attempts[1]?.resolve('anew')
    expect(await Promise.all([anew, joining, third])).toEqual(['anew', 'anew', 'anew'])
    expect(attempts).toHaveLength(2)
  })

  it('is begun anew when the clock was set back', () => {
    const { ask, attempts, pass } = scene()
    ask()
    pass(-1)
    ask()
    expect(attempts).toHaveLength(2)
  })
})
