import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import { disclosure, expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'
import { encode } from '../support/raw-jws.ts'

// JSON that two parsers read in two ways, or that one of them chokes on.

const shared = sharedForger()

/** What no reader may take for JSON, each put in place of the number 1. */
const unreadable: [string, string][] = [
  ['a member twice', '{"a":1,"a":1}'],
  ['a member twice, once escaped', '{"a":1,"\\u0061":1}'],
  ['a lone surrogate', '"\\ud800"'],
  ['a lone surrogate for a name', '{"\\udfff":1}'],
  ['a number beyond all numbers', '1e999'],
  ['a number below all numbers', '-1e999'],
  ['nesting 33 deep', '['.repeat(33) + ']'.repeat(33)],
  ['nesting 30,000 deep', '['.repeat(30_000) + ']'.repeat(30_000)],
  ['objects 10,000 deep', `${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`],
  ['no JSON', 'NaN'],
  ['a comment', '1/**/'],
  ['a comma too many', '[1,]'],
]

type Jwt = { header: string; payload: string }

/** A credential with a spoilt JSON text in its header or payload, truly signed. */
async function spoilt(change: (parts: Jwt) => Partial<Jwt>): Promise<string> {
  const [jwt = '', ...rest] = (
    await shared.forger.sdJwt({ header: { x: 1 }, claims: { x: 1 } })
  ).split('~')
  const [header = '', payload = ''] = jwt
    .split('.')
    .map((part) => atob(part.replaceAll('-', '+').replaceAll('_', '/')))
  const parts = { header, payload, ...change({ header, payload }) }
  const input = [parts.header, parts.payload]
    .map((text) => encodeBase64url(Uint8Array.from(text, (c) => c.charCodeAt(0))))
    .join('.')
  const signature = await shared.forger.vietnam.sign(new TextEncoder().encode(input))
  return [`${input}.${encodeBase64url(signature)}`, ...rest].join('~')
}

it('what is spoilt below is good before', async () => {
  expectVerified(await shared.forger.present(await spoilt(() => ({}))))
})

describe.each(unreadable)('%s', (_, json) => {
  const put = (text: string) => text.replace(/"x":1/, `"x":${json}`)

  it('in the payload of the credential is refused', async () => {
    const sdJwt = await spoilt(({ payload }) => ({ payload: put(payload) }))
    expectRefused(await shared.forger.present(sdJwt), 'credential.format')
  })

  it('in its header is refused', async () => {
    const sdJwt = await spoilt(({ header }) => ({ header: put(header) }))
    expectRefused(await shared.forger.present(sdJwt), 'credential.format')
  })

  it('in a disclosure is refused', async () => {
    const text = encode(`["salt","sex",${json}]`)
    const claims = { _sd: [...shared.forger.honest.digests, await digestText(text)] }
    expectRefused(
      await shared.forger.attack({ claims, disclosures: [text] }),
      'credential.disclosures',
    )
  })

  it('in the key binding is refused', async () => {
    const alter = async (presentation: string) => {
      const start = presentation.lastIndexOf('~') + 1
      const input = `${encode({ alg: 'ES256', typ: 'kb+jwt' })}.${encode(`{"nonce":${json}}`)}`
      const signature = await shared.forger.holder.sign(new TextEncoder().encode(input))
      return `${presentation.slice(0, start)}${input}.${encodeBase64url(signature)}`
    }
    expectRefused(
      await shared.forger.present(await shared.forger.sdJwt(), { alter }),
      'key_binding.present',
    )
  })
})

describe('names that mean something to JavaScript mean nothing here', () => {
  it.each(['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'prototype'])(
    '%s',
    async (name) => {
      const { text, digest } = await disclosure(name, { polluted: true, name: 'Somebody Else' })
      const nested = JSON.parse(`{"${name}":{"polluted":true}}`)
      const claims = { _sd: [...shared.forger.honest.digests, digest], extra: nested }
      const binding = { claims: nested, header: nested }
      const outcome = await shared.forger.attack(
        { claims, header: nested, disclosures: [text] },
        { binding },
      )
      expectVerified(outcome)
      const { claims: released = {} } = outcome.result.credentials?.['pid-sd-jwt']?.[0] ?? {}
      expect(Object.keys(released).toSorted()).toEqual(['birthdate', 'name', 'nationalities'])
      expect(released.name).toBe('Nguyễn Thị An')
      expect({}).not.toHaveProperty('polluted')
    },
  )

  it('nor do they stand in for members that are not there', async () => {
    const claims = JSON.parse('{"__proto__":{"vct":"urn:gerbang:pid:1"}}')
    const outcome = await shared.forger.attack({ claims: { vct: undefined, ...claims } })
    expectRefused(outcome, 'credential.claims')
  })
})

const [claims, validity] = ['credential.claims', 'credential.validity']
it.each<[string, unknown, string[]]>([
  ['exp', 1e300, [claims]],
  ['exp', 253_402_300_800, [claims]],
  ['exp', -1, [claims, validity]],
  ['nbf', 1e18, [claims, validity]],
  ['iat', '0', [claims]],
  ['iat', 253_402_300_799, [validity]],
])('%s of %s is no time of ours', async (name, value, checks) => {
  expectRefused(await shared.forger.attack({ claims: { [name]: value } }), ...checks)
})
