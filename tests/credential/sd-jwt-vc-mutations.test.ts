import fc from 'fast-check'
import { beforeAll, describe, expect, it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { isJsonObject, type Json, type JsonObject, parseJson } from '../../src/credential/json.ts'
import {
  prepareSdJwtVc,
  type SdJwtVc,
  type SdJwtVcPolicy,
  signSdJwtVc,
  verifySdJwtVc,
} from '../../src/credential/sd-jwt-vc.ts'
import { anyClaims, countingRandom, disclosureOf, type Scene, scene } from './scene.ts'

let s: Scene
let unbound: SdJwtVcPolicy
let presented: string
let foreign: string[]
beforeAll(async () => {
  s = await scene()
  unbound = { ...s.policy, keyBinding: 'none' }
  presented = await s.bind(s.credential)
  const claims = [
    ['admin', true],
    ['given_name', 'Bo'],
    [undefined, 'LA'],
  ] as const
  const made = claims.map(([name, value]) => disclosureOf(name, value, 'salt of a stranger'))
  foreign = (await Promise.all(made)).map(({ disclosure }) => disclosure)
})

const accept = async (text: string, policy: SdJwtVcPolicy = s.policy) =>
  (await verifySdJwtVc(text, policy)).credential

it('what follows is altered from what is accepted', async () => {
  expect(await accept(presented)).toBeDefined()
  expect(await accept(s.credential, unbound)).toBeDefined()
})

describe('any byte that was altered', () => {
  it('anywhere in a presentation is refused', async () => {
    const honest = new TextEncoder().encode(presented)
    await fc.assert(
      fc.asyncProperty(
        fc.nat(honest.length - 1),
        fc.integer({ min: 1, max: 127 }),
        async (position, flip) => {
          const altered = honest.with(position, (honest[position] ?? 0) ^ flip)
          expect(await accept(new TextDecoder().decode(altered))).toBeUndefined()
        },
      ),
      { numRuns: 400 },
    )
  })

  /** Below the encoding: the text stays well-formed, and so much of it as may be stays readable. */
  it.each([
    ['the header', 0],
    ['the payload', 1],
    ['the signature', 2],
    ['a disclosure', 3],
    ['the header of the key binding', 8],
    ['the payload of the key binding', 9],
    ['the signature of the key binding', 10],
  ])('in %s is refused', async (_, part) => {
    const parts = presented.split(/([.~])/)
    const honest = decodeBase64url(parts[2 * part] ?? '')
    if (!honest || honest.length === 0) return expect.unreachable('no such part')
    await fc.assert(
      fc.asyncProperty(
        fc.nat(honest.length - 1),
        fc.integer({ min: 1, max: 255 }),
        async (position, flip) => {
          const altered = honest.with(position, (honest[position] ?? 0) ^ flip)
          const text = parts.with(2 * part, encodeBase64url(altered)).join('')
          expect(await accept(text)).toBeUndefined()
        },
      ),
      { numRuns: 60 },
    )
  })
})

type Change = (disclosures: readonly string[], i: number, j: number) => string[]

const reopen = (text: string, change: (parts: Json[]) => Json[]) => {
  const bytes = decodeBase64url(text)
  const parts = bytes && parseJson(bytes)
  if (!Array.isArray(parts)) return text
  return encodeBase64url(new TextEncoder().encode(JSON.stringify(change(parts))))
}
const changed = (change: (parts: Json[]) => Json[]): Change => {
  return (all, i) => all.map((each, at) => (at === i ? reopen(each, change) : each))
}

/** What somebody may do to disclosures who cannot sign. The first two are his good right. */
const changes: Record<string, Change> = {
  withhold: (all, i) => all.filter((_, at) => at !== i),
  swap: (all, i, j) => all.with(i, all[j] ?? '').with(j, all[i] ?? ''),
  repeat: (all, i, j) => all.toSpliced(j, 0, all[i] ?? ''),
  'add a stranger': (all, i, j) => all.toSpliced(j, 0, foreign[i % foreign.length] ?? ''),
  'replace by a stranger': (all, i, j) => all.with(i, foreign[j % foreign.length] ?? ''),
  're-salt': changed(([, ...rest]) => ['another salt', ...rest]),
  rename: changed(([salt = '', , value = null]) => [salt, 'admin', value]),
  'change the value': changed(([salt = '', name = '']) => [salt, name, { admin: true }]),
  'leave out the name': changed(([salt = '', , value = null]) => [salt, value]),
  lengthen: changed((parts) => [...parts, null]),
  'write with spaces': (all, i) => {
    const spaced = (text: string) =>
      new TextDecoder().decode(decodeBase64url(text)).replace(/^\[/, '[ ')
    return all.map((each, at) =>
      at === i ? encodeBase64url(new TextEncoder().encode(spaced(each))) : each,
    )
  },
  'cut short': (all, i) => all.map((each, at) => (at === i ? each.slice(0, -1) : each)),
  pad: (all, i) => all.map((each, at) => (at === i ? `${each}A` : each)),
  empty: (all, i) => all.with(i, ''),
}

const steps = fc.array(fc.tuple(fc.constantFrom(...Object.keys(changes)), fc.nat(4), fc.nat(4)), {
  minLength: 1,
  maxLength: 4,
})

/** Whether all that is shown was signed, each where it stands and as it stands. */
function isPartOf(shown: Json, whole: Json | undefined): boolean {
  if (!isJsonObject(shown) || !isJsonObject(whole)) {
    return JSON.stringify(shown) === JSON.stringify(whole)
  }
  return Object.entries(shown).every(([name, value]) => isPartOf(value, whole[name]))
}

describe('disclosures that were mutated', () => {
  let whole: SdJwtVc['claims']
  beforeAll(async () => {
    whole = (await accept(s.credential, unbound))?.claims ?? {}
  })

  it('are refused, or show nothing but what was signed; in another order the very same', async () => {
    const [jwt = '', ...disclosures] = s.credential.split('~').slice(0, -1)
    const tally = { refused: 0, accepted: 0 }
    await fc.assert(
      fc.asyncProperty(steps, async (taken) => {
        let all: string[] = disclosures
        for (const [name, i, j] of taken) {
          if (all.length === 0) break
          all = changes[name]?.(all, i % all.length, j % all.length) ?? all
        }
        const credential = await accept(`${[jwt, ...all].join('~')}~`, unbound)
        tally[credential ? 'accepted' : 'refused']++
        if (!credential) return
        expect(isPartOf(credential.claims, whole)).toBe(true)
        if (all.length === disclosures.length) expect(credential.claims).toEqual(whole)
      }),
      { numRuns: 500 },
    )
    expect(tally.refused).toBeGreaterThan(0)
    expect(tally.accepted).toBeGreaterThan(0)
  })

  it.each(Object.keys(changes).slice(2))('to %s is refused, whichever it is', async (name) => {
    const [jwt = '', ...disclosures] = s.credential.split('~').slice(0, -1)
    for (const i of disclosures.keys()) {
      const all = changes[name]?.(disclosures, i, (i + 1) % disclosures.length) ?? []
      expect(all).not.toEqual(disclosures)
      expect(await accept(`${[jwt, ...all].join('~')}~`, unbound)).toBeUndefined()
    }
  })
})

describe('any claims at all', () => {
  it('come out as they went in, and with none of them nobody notices what was withheld', async () => {
    await fc.assert(
      fc.asyncProperty(anyClaims, async (selective: JsonObject) => {
        const prepared = await prepareSdJwtVc({ ...s.draft, selective }, countingRandom())
        const text = await signSdJwtVc(prepared, s.issuer.sign)
        const credential = await accept(text, unbound)
        expect(credential?.claims).toEqual({ ...s.draft.visible, ...selective })
        const bare = await accept(`${text.split('~')[0]}~`, unbound)
        expect(bare?.claims).toEqual(s.draft.visible)
      }),
      { numRuns: 100 },
    )
  })
})

it('noise is refused without throwing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.string({ unit: 'binary', maxLength: 300 }), async (noise) => {
      const { findings } = await verifySdJwtVc(noise, s.policy)
      const failed = findings.filter(({ outcome }) => outcome === 'fail')
      expect(failed.map(({ check }) => check)).toEqual(['credential.format'])
    }),
  )
})
