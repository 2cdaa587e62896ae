import { it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { digestText } from '../../src/credential/digest.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

it.each<[string, Lies]>([
  ['another sd_hash', { sdHash: 'AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
])('disclosures changed after signing are refused: %s (SDJ-N16, VER-10)', async (_, lies) => {
  expectRefused(await attack(shared.gateway, lies), 'key_binding.sd_hash')
})

const sha384 = async (text: string) =>
  encodeBase64url(
    new Uint8Array(await crypto.subtle.digest('SHA-384', new TextEncoder().encode(text))),
  )

it.each<[string, (sdJwt: string) => unknown]>([
  ['no sd_hash', () => undefined],
  ['null', () => null],
  ['a list', async (sdJwt) => [await digestText(sdJwt)]],
  ['the digest of another algorithm', sha384],
  ['the digest without the last tilde', (sdJwt) => digestText(sdJwt.slice(0, -1))],
  ['the digest of the JWT alone', (sdJwt) => digestText(sdJwt.split('~')[0] ?? '')],
  ['the digest with padding', async (sdJwt) => `${await digestText(sdJwt)}=`],
])('sd_hash is SHA-256 over all that is sent: %s (SDJ-N16)', async (_, hash) => {
  const sdJwt = await shared.forger.sdJwt()
  const outcome = await shared.forger.present(sdJwt, {
    binding: { claims: { sd_hash: await hash(sdJwt) } },
  })
  expectRefused(outcome, 'key_binding.sd_hash')
})

/** Puts other disclosures into a presentation that was signed with these. */
const redisclose = (change: (disclosures: string[]) => string[]) => (presentation: string) => {
  const [jwt = '', ...rest] = presentation.split('~')
  const kbJwt = rest.pop() ?? ''
  return [jwt, ...change(rest), kbJwt].join('~')
}

it.each<[string, (disclosures: string[]) => string[]]>([
  ['removed', (all) => all.toSpliced(2, 2)],
  ['put in another order', (all) => all.toReversed()],
])('a disclosure is %s after signing (SDJ-N16)', async (_, change) => {
  const outcome = await shared.forger.present(await shared.forger.sdJwt(), {
    alter: redisclose(change),
  })
  expectRefused(outcome, 'key_binding.sd_hash')
})

it('a disclosure is added after signing (SDJ-N16)', async () => {
  const whole = await shared.forger.sdJwt()
  const added = whole.split('~').at(1) ?? ''
  const withheld = whole.replace(`${added}~`, '')
  const alter = redisclose((all) => [added, ...all])
  expectRefused(await shared.forger.present(withheld, { alter }), 'key_binding.sd_hash')
})

it('a key binding is moved to another credential of the same holder (SDJ-N16)', async () => {
  const other = await shared.forger.sdJwt({ claims: { issuing_country: 'VN', iat: 1 } })
  const alter = (presentation: string) =>
    other + presentation.slice(presentation.lastIndexOf('~') + 1)
  expectRefused(
    await shared.forger.present(await shared.forger.sdJwt(), { alter }),
    'key_binding.sd_hash',
  )
})
