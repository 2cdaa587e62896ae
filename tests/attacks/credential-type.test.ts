import { it } from 'vitest'
import { disclosure, expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

it.each<[string, unknown]>([
  ['no vct', undefined],
  ['null', null],
  ['a number', 1],
  ['an empty string', ''],
  ['a list', ['urn:gerbang:pid:1']],
  ['an object', { id: 'urn:gerbang:pid:1' }],
])('a credential has one type: %s (VC-N02)', async (_, vct) => {
  expectRefused(await shared.forger.attack({ claims: { vct } }), 'credential.claims')
})

it('which the holder does not choose, by showing it or not (VC-N02)', async () => {
  const { text, digest } = await disclosure('vct', 'urn:gerbang:pid:1')
  const claims = { vct: undefined, _sd: [...shared.forger.honest.digests, digest] }
  expectRefused(await shared.forger.attack({ claims, disclosures: [text] }), 'credential.claims')
})

const levels = ['assurance.proofing', 'assurance.authn']
const unrecognised = ['trust.recognition', ...levels, 'query.type']
const unauthorised = ['trust.issuer', ...unrecognised]

it.each<[string, string, string[]]>([
  ['another that its issuer may issue', 'urn:gerbang:age:1', unrecognised],
  ['one that nobody may issue', 'urn:gerbang:other:1', unauthorised],
  ['the same in capitals', 'URN:GERBANG:PID:1', unauthorised],
  ['the same with more behind', 'urn:gerbang:pid:1/', unauthorised],
  ['the same with a space', 'urn:gerbang:pid:1 ', unauthorised],
])('and it is the one that was asked for: %s (VC-N02, VP-N04, VER-15)', async (_, vct, checks) => {
  expectRefused(await shared.forger.attack({ claims: { vct } }), ...checks)
})

it.each<[string, unknown]>([
  ['no list', 'urn:gerbang:age:1'],
  ['an empty list', []],
  ['vct itself', ['urn:gerbang:pid:1']],
  ['vct among others', ['urn:gerbang:age:1', 'urn:gerbang:pid:1']],
  ['what is no string', ['urn:gerbang:age:1', 7]],
  ['null', null],
])('what it is called besides are other types: %s (VC-N04)', async (_, aka_vcts) => {
  expectRefused(await shared.forger.attack({ claims: { aka_vcts } }), 'credential.claims')
})

it('and count only where its issuer may issue them (VC-N04)', async () => {
  const vct = 'urn:gerbang:other:1'
  expectVerified(await shared.forger.attack({ claims: { vct, aka_vcts: ['urn:gerbang:pid:1'] } }))
  const outcome = await shared.forger.attack({
    claims: { vct, aka_vcts: ['urn:gerbang:another:1'] },
  })
  expectRefused(outcome, ...unauthorised)
})
