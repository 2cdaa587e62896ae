import { beforeAll, describe, expect, it } from 'vitest'
import type { CredentialStatus } from '../../src/credential/credential-status.ts'
import {
  packStatuses,
  type StatusList,
  signStatusListToken,
} from '../../src/credential/status-list.ts'
import { signStatusListCwt } from '../../src/credential/status-list-cwt.ts'
import type { Fetched } from '../../src/platform/fetch.ts'
import { type SingleFlight, singleFlight } from '../../src/platform/single-flight.ts'
import { foreignStatus } from '../../src/presentation/foreign-status.ts'
import { keptLists } from '../../src/presentation/kept-lists.ts'
import { ok, type Result, refuse } from '../../src/result.ts'
import { certifiedSigner } from '../support/certificates.ts'

const uri = 'https://lists.example/1'
const vn = 'https://elsewhere.example/issuers/vn'
const la = 'https://elsewhere.example/issuers/la'
const start = new Date('2026-11-24T08:00:00Z')
const later = (seconds: number) => new Date(start.getTime() + seconds * 1000)

type State = Awaited<ReturnType<typeof certifiedSigner>>
const states = new Map<string, State>()
beforeAll(async () => {
  for (const issuer of [vn, la]) {
    const state = await certifiedSigner(issuer)
    states.set(issuer, { ...state, anchor: { ...state.anchor, id: issuer } })
  }
})
function stateOf(issuer: string): State {
  const state = states.get(issuer)
  if (!state) throw new Error(`no state has ${issuer}`)
  return state
}

/**
 * Lists of two states at some server, and what a verifier makes of them. At index 1 stands invalid, at
 * 2 suspended, at 3 what is reserved.
 */
function scene(flights?: SingleFlight<Result<StatusList, string>>) {
  let now = start
  let form: 'jwt' | 'cwt' = 'jwt'
  let lifetime = { expires: 86_400, ttl: 60 }
  let answer: () => Promise<Result<Fetched, string>> = async () => serve(uri)
  const fetched: string[] = []
  const suspended = new Set<string>()
  const clock = () => now
  const anchors = async () =>
    [...states.values()].map(({ anchor }) => anchor).filter(({ id }) => !suspended.has(id))

  async function serve(sub: string, issuer = vn): Promise<Result<Fetched, string>> {
    const draft = {
      uri: sub,
      bits: 2 as const,
      list: packStatuses(8, 2, [
        [1, 1],
        [2, 2],
        [3, 3],
      ]),
      issuedAt: now,
      expiresAt: new Date(now.getTime() + lifetime.expires * 1000),
      ttl: lifetime.ttl,
    }
    const signer = stateOf(issuer)
    if (form === 'cwt') {
      const bytes = await signStatusListCwt(draft, signer, signer.sign)
      return ok({ mediaType: 'application/statuslist+cwt', bytes })
    }
    const bytes = new TextEncoder().encode(await signStatusListToken(draft, signer, signer.sign))
    return ok({ mediaType: 'application/statuslist+jwt', bytes })
  }
  const kept = keptLists({ maxBytes: 6, maxCount: 100 })
  const statusOf = foreignStatus({
    clock,
    anchors,
    kept,
    anchorsOf: async (issuer) => (await anchors()).filter(({ id }) => id === issuer),
    once: flights ?? singleFlight({ clock, maxMs: 6000 }),
    async fetch(url) {
      fetched.push(url)
      return url === uri ? answer() : serve(url)
    },
  })
  return {
    fetched,
    suspended,
    serve,
    ask: ({ idx = 0, issuer = vn, at = now, list = uri } = {}) =>
      statusOf({ uri: list, idx }, issuer, at),
    pass: (seconds: number) => {
      now = new Date(now.getTime() + seconds * 1000)
    },
    writeAs: (next: typeof form) => {
      form = next
    },
    issueFor: (expires: number, ttl: number) => {
      lifetime = { expires, ttl }
    },
    answerBy: (next: typeof answer) => {
      answer = next
    },
  }
}

const valid = { ok: true, value: 'valid' }
const unknown = { ok: true, value: undefined }

describe('the status of a credential of another gateway', () => {
  it.each<[number, CredentialStatus]>([
    [0, 'valid'],
    [1, 'invalid'],
    [2, 'suspended'],
  ])('TSL-N01: at index %d is %s, in a list of either form', async (idx, status) => {
    const s = scene()
    expect(await s.ask({ idx })).toEqual({ ok: true, value: status })
    s.writeAs('cwt')
    const list = 'https://lists.example/cwt'
    expect(await s.ask({ idx, list })).toEqual({ ok: true, value: status })
  })

  it('is what the media type says, and not what it looks like', async () => {
    const s = scene()
    s.answerBy(async () => {
      const served = await s.serve(uri)
      return served.ok ? ok({ ...served.value, mediaType: 'application/statuslist+cwt' }) : served
    })
    expect(await s.ask()).toMatchObject({ ok: false })
  })

  it.each([3, 8, 1e9, -1, 0.5])('TSL-N01, TSL-V04: at index %d is none', async (idx) => {
    expect(await scene().ask({ idx })).toMatchObject({ ok: false })
  })
})

describe('TSL-V03: a list', () => {
  it('is fetched once and kept for its ttl, then fetched anew', async () => {
    const { ask, fetched, pass } = scene()
    await ask()
    pass(59)
    expect(await ask({ idx: 1 })).toMatchObject({ value: 'invalid' })
    expect(fetched).toHaveLength(1)
    pass(1)
    expect(await ask()).toEqual(valid)
    expect(fetched).toHaveLength(2)
  })

  it('is not kept beyond its exp, whatever its ttl', async () => {
    const { ask, fetched, pass, issueFor } = scene()
    issueFor(20, 3600)
    await ask()
    pass(20)
    await ask()
    expect(fetched).toHaveLength(2)
  })

  it('that is too old is no answer when it cannot be fetched anew', async () => {
    const { ask, pass, answerBy, serve } = scene()
    await ask()
    answerBy(async () => refuse('The server answered 500, not 200.'))
    expect(await ask()).toEqual(valid)
    pass(60)
    const error = 'The status list cannot be fetched. The server answered 500, not 200.'
    expect(await ask()).toEqual({ ok: false, error })
    answerBy(() => serve(uri))
    expect(await ask()).toEqual(valid)
  })

  it('that cannot be believed is not kept', async () => {
    const { ask, answerBy, serve } = scene()
    answerBy(() => serve(`${uri}0`))
    expect(await ask()).toMatchObject({ error: expect.stringMatching(/^sub/) })
    answerBy(() => serve(uri))
    expect(await ask()).toEqual(valid)
  })

  it('goes when the memory is full, the one not used for longest first', async () => {
    const { ask, fetched } = scene()
    const [a, b, c, d] = ['a', 'b', 'c', 'd'].map((name) => `https://lists.example/${name}`)
    for (const list of [a, b, c, a, d, a, c, d]) expect(await ask({ list })).toEqual(valid)
    expect(fetched).toEqual([a, b, c, d])
    await ask({ list: b })
    expect(fetched).toEqual([a, b, c, d, b])
  })
})

describe('many verifications at once', () => {
  it('cause one fetch', async () => {
    const { ask, fetched } = scene()
    const all = await Promise.all(Array.from({ length: 50 }, (_, i) => ask({ idx: i % 2 })))
    expect(all.filter((each) => each.ok && each.value === 'valid')).toHaveLength(25)
    expect(all.filter((each) => each.ok && each.value === 'invalid')).toHaveLength(25)
    expect(fetched).toHaveLength(1)
  })

  it('are refused together when it fails', async () => {
    const { ask, fetched, answerBy } = scene()
    answerBy(async () => refuse('The server answered 404, not 200.'))
    const all = await Promise.all(Array.from({ length: 50 }, () => ask()))
    expect(all.every((each) => !each.ok)).toBe(true)
    expect(fetched).toHaveLength(1)
  })

  it('are refused when whoever fetches takes too long', async () => {
    const { ask, fetched } = scene(async () => undefined)
    expect(await ask()).toMatchObject({ error: expect.stringMatching(/takes too long/) })
    expect(fetched).toEqual([])
  })
})

describe('TSL-N07: a list that is kept speaks only', () => {
  it('of the credentials of its own state', async () => {
    const { ask, fetched } = scene()
    const error = expect.stringMatching(/no trust anchor/)
    expect(await ask({ issuer: la })).toEqual({ ok: false, error })
    expect(await ask()).toEqual(valid)
    expect(await ask({ issuer: la })).toEqual({ ok: false, error })
    expect(await ask({ issuer: 'https://nobody.example' })).toEqual({ ok: false, error })
    expect(fetched).toHaveLength(1)
  })

  it('while an anchor of that state is in force, and again when it is once more', async () => {
    const { ask, suspended, fetched } = scene()
    expect(await ask()).toEqual(valid)
    suspended.add(vn)
    expect(await ask()).toMatchObject({ ok: false })
    suspended.delete(vn)
    expect(await ask()).toEqual(valid)
    expect(fetched).toHaveLength(1)
  })

  it('while the certificate of its signer is valid', async () => {
    const { ask, pass, issueFor, fetched } = scene()
    pass((new Date('2027-01-01T00:00:00Z').getTime() - start.getTime()) / 1000 - 30)
    issueFor(3600, 3600)
    expect(await ask()).toEqual(valid)
    pass(31)
    expect(await ask()).toMatchObject({ error: expect.stringMatching(/expired/) })
    const before = new Date('2026-12-31T23:59:30Z')
    expect(await ask({ at: before })).toMatchObject({ error: expect.stringMatching(/expired/) })
    expect(fetched).toHaveLength(1)
  })
})

describe('TSL-V05: as of an instant', () => {
  it('that lies further back than any copy is kept, nothing is fetched and nothing known', async () => {
    const { ask, fetched } = scene()
    expect(await ask({ at: later(-3601) })).toEqual(unknown)
    expect(fetched).toEqual([])
  })

  it('before the list was issued, nothing is known, and no index is', async () => {
    const { ask } = scene()
    expect(await ask({ at: later(-3600) })).toEqual(unknown)
    expect(await ask({ at: later(-61), idx: 1 })).toEqual(unknown)
    expect(await ask({ at: later(-61), idx: 99 })).toEqual(unknown)
  })

  it('that clocks cannot tell from now, it is as now', async () => {
    const { ask } = scene()
    expect(await ask({ at: later(-60), idx: 1 })).toMatchObject({ value: 'invalid' })
  })

  it('after a list was issued that is still kept, it is as that list says', async () => {
    const { ask, pass, issueFor } = scene()
    issueFor(86_400, 3600)
    await ask()
    pass(1800)
    expect(await ask({ at: start, idx: 1 })).toMatchObject({ value: 'invalid' })
    expect(await ask({ at: later(-1) })).toEqual(unknown)
  })

  it('at which the list will have expired, it is refused', async () => {
    const { ask, issueFor } = scene()
    issueFor(20, 60)
    expect(await ask({ at: later(19) })).toEqual(valid)
    expect(await ask({ at: later(20) })).toMatchObject({ ok: false })
  })

  it('a list that cannot be had is a refusal, and not merely unknown', async () => {
    const { ask, answerBy } = scene()
    answerBy(async () => refuse('The server answered 500, not 200.'))
    expect(await ask({ at: later(-1800) })).toMatchObject({ ok: false })
  })
})
