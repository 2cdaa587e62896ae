import { it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import { expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'
import { encode } from '../support/raw-jws.ts'

const shared = sharedForger()

/** The issuer has signed the digest of this text, among the claims or in an array. */
async function disclosing(text: string, where: 'object' | 'array') {
  const digest = await digestText(text)
  const claims =
    where === 'object'
      ? { _sd: [...shared.forger.honest.digests, digest] }
      : { languages: [{ '...': digest }] }
  return { claims, disclosures: [text] }
}

it('a disclosure of two, or of three, in its place is good', async () => {
  expectVerified(await shared.forger.attack(await disclosing(encode(['salt', 'sex', 2]), 'object')))
  expectVerified(await shared.forger.attack(await disclosing(encode(['salt', 'vi']), 'array')))
})

it.each<[string, string, 'object' | 'array']>([
  ['a property of two elements', encode(['salt', 'sex']), 'object'],
  ['a property of four elements', encode(['salt', 'sex', 2, 3]), 'object'],
  ['an array element of one', encode(['salt']), 'array'],
  ['an array element of three', encode(['salt', 'vi', 'th']), 'array'],
  ['no element at all', encode([]), 'object'],
  ['an object', encode({ 0: 'salt', 1: 'sex', 2: 2, length: 3 }), 'object'],
  ['a string', encode('"salt"'), 'object'],
  ['null', encode('null'), 'array'],
  ['no JSON', encode('["salt","sex",'), 'object'],
  ['JSON with something after it', encode('["salt","sex",2]x'), 'object'],
  ['a salt that is no string', encode([7, 'sex', 2]), 'object'],
  ['a name that is no string', encode(['salt', 7, 2]), 'object'],
  ['a member twice', encode('["salt","sex",{"a":1,"a":2}]'), 'object'],
  ['a lone surrogate', encode('["salt","sex","\\ud800"]'), 'object'],
  ['a number beyond all numbers', encode('["salt","sex",1e999]'), 'object'],
  [
    'no UTF-8',
    encodeBase64url(
      Uint8Array.of(0x5b, 0x22, 0xff, 0x22, 0x2c, 0x22, 0x61, 0x22, 0x2c, 0x31, 0x5d),
    ),
    'object',
  ],
  ['base64url with stray bits', encode(['salt', 'sex', 2]).replace(/Q$/, 'R'), 'object'],
  [
    'nesting 10,000 deep',
    encode(`["salt","sex",${'['.repeat(10_000)}${']'.repeat(10_000)}]`),
    'object',
  ],
])('a disclosure must be what it must be: %s (SDJ-N06)', async (_, text, where) => {
  const outcome = await shared.forger.attack(await disclosing(text, where))
  expectRefused(outcome, 'credential.disclosures')
})

it.each<[string, (text: string) => string]>([
  ['with padding', (text) => `${text}=`],
  ['in base64 with plus and slash', (text) => `${text.slice(0, -2)}+/`],
  ['with a line break', (text) => `${text}\n`],
])('a disclosure is base64url and nothing else: %s (SDJ-N06)', async (_, spell) => {
  const text = spell(encode(['salt', 'sex', 2]))
  const outcome = await shared.forger.attack(await disclosing(text, 'object'))
  expectRefused(outcome, 'credential.format')
})
