import { beforeAll, describe, expect, it } from 'vitest'
import type { DraftRules } from '../../src/credential/draft-rules.ts'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { disclosureOf, type Scene, scene } from './scene.ts'

/** What HAIP 1.0 9.4 pins. */
const draft13: DraftRules = { legacyTyp: true, akaVcts: false }

let s: Scene
beforeAll(async () => {
  s = await scene()
})

/** The credential, or the checks that failed. */
async function verdict(credential: string, rules?: DraftRules) {
  const policy = rules ? { ...s.policy, rules } : s.policy
  const verdict = await verifySdJwtVc(await s.bind(credential), policy)
  const failed = verdict.findings.filter(({ outcome }) => outcome === 'fail')
  return verdict.credential ?? failed.map(({ check }) => check)
}

describe('typ', () => {
  it.each<[string, DraftRules | undefined, boolean]>([
    ['dc+sd-jwt', undefined, true],
    ['vc+sd-jwt', undefined, false],
    ['vc+sd-jwt', {}, false],
    ['dc+sd-jwt', draft13, true],
    ['vc+sd-jwt', draft13, true],
    ['JWT', draft13, false],
    ['application/vc+sd-jwt', draft13, false],
  ])('VC-N01: %s under %j: %s', async (typ, rules, accepted) => {
    const said = await verdict(await s.forge({ typ }), rules)
    if (accepted) expect(said).toMatchObject({ vct: 'urn:gerbang:pid:1' })
    else expect(said).toEqual(['credential.header'])
  })
})

describe('aka_vcts', () => {
  const unfit: [string, unknown][] = [
    ['empty', []],
    ['a string', 'urn:gerbang:pid:0'],
    ['null', null],
    ['an object', { 0: 'urn:gerbang:pid:0' }],
    ['with vct in it', ['urn:gerbang:pid:0', 'urn:gerbang:pid:1']],
    ['with a number in it', ['urn:gerbang:pid:0', 1]],
  ]
  it.each(unfit)('VC-N04: is refused when it is %s', async (_, aka_vcts) => {
    expect(await verdict(await s.forge({}, { aka_vcts }))).toEqual(['credential.claims'])
  })

  it.each(unfit)('is ignored by draft -13, even when it is %s', async (_, aka_vcts) => {
    const said = await verdict(await s.forge({}, { aka_vcts }), draft13)
    expect(said).toMatchObject({ claims: { aka_vcts } })
    expect(said).not.toHaveProperty('alsoKnownAs')
  })

  it('is told, and is no type that the credential has (VC-V07)', async () => {
    const said = await verdict(await s.forge({}, { aka_vcts: ['urn:gerbang:pid:0'] }))
    expect(said).toMatchObject({ vct: 'urn:gerbang:pid:1', alsoKnownAs: ['urn:gerbang:pid:0'] })
  })

  it('VC-N03: is refused by disclosure, and to draft -13 is a claim like any other', async () => {
    const { disclosure, digest } = await disclosureOf('aka_vcts', ['urn:gerbang:pid:0'])
    const [jwt] = (await s.forge({}, { _sd: [digest] })).split('~')
    const sent = `${jwt}~${disclosure}~`
    expect(await verdict(sent)).toEqual(['credential.claims'])
    expect(await verdict(sent, draft13)).toMatchObject({ disclosed: [['aka_vcts']] })
  })
})

it('rules change nothing else', async () => {
  const { findings } = await verifySdJwtVc(await s.bind(s.credential), s.policy)
  const policy = { ...s.policy, rules: draft13 }
  expect((await verifySdJwtVc(await s.bind(s.credential), policy)).findings).toEqual(findings)
})
