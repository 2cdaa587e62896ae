import { it } from 'vitest'
import { decodeBase64url, encodeBase64url } from '../../src/credential/base64url.ts'
import { expectRefused, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'
import { encode } from '../support/raw-jws.ts'
import { payloadOf } from '../wallet/parties.ts'

const shared = sharedForger()

it('one bit of the signature flipped is a forgery (SDJ-N02, VER-09)', async () => {
  const outcome = await attack(shared.gateway, { tamperIssuerSignature: true })
  expectRefused(outcome, 'credential.signature')
})

type Jws = { header: string; payload: string; signature: string }
const bytesOf = (part: string) => decodeBase64url(part) ?? new Uint8Array()

it.each<[string, (jws: Jws) => Partial<Jws>]>([
  [
    'another claim',
    ({ payload }) => ({ payload: encode({ ...payloadOf(`.${payload}`), issuing_country: 'SG' }) }),
  ],
  ['a claim more', ({ payload }) => ({ payload: encode({ ...payloadOf(`.${payload}`), sex: 2 }) })],
  [
    'the same claims in another spelling',
    ({ payload }) => ({ payload: encode(JSON.stringify(payloadOf(`.${payload}`), null, 1)) }),
  ],
  [
    'a truncated signature',
    ({ signature }) => ({ signature: encodeBase64url(bytesOf(signature).subarray(0, 61)) }),
  ],
  [
    'half a signature',
    ({ signature }) => ({ signature: signature.slice(0, 43).replace(/.$/, 'A') }),
  ],
  ['no signature', () => ({ signature: '' })],
  ['a signature of zeros', () => ({ signature: encodeBase64url(new Uint8Array(64)) })],
  [
    'a signature with more behind',
    ({ signature }) => ({ signature: signature.replace(/.$/, 'AAA') }),
  ],
  [
    'r and s exchanged',
    ({ signature }) => {
      const bytes = bytesOf(signature)
      return {
        signature: encodeBase64url(Uint8Array.of(...bytes.slice(32), ...bytes.slice(0, 32))),
      }
    },
  ],
])('what is not signed as it stands is a forgery: %s (SDJ-N02)', async (_, change) => {
  const [jwt = '', ...rest] = (await shared.forger.sdJwt()).split('~')
  const [header = '', payload = '', signature = ''] = jwt.split('.')
  const forged = { header, payload, signature, ...change({ header, payload, signature }) }
  const sdJwt = [`${forged.header}.${forged.payload}.${forged.signature}`, ...rest].join('~')
  expectRefused(await shared.forger.present(sdJwt), 'credential.signature')
})
