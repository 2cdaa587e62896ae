import { randomBytes } from 'node:crypto'
import { compactDecrypt, type JWK } from 'jose'
import { decryptJwe as decryptOurs } from '../../../src/credential/jwe.ts'
import { responseEncs, responseKeyPair } from '../../../src/presentation/response-encryption.ts'
import {
  assert,
  decryptJwe,
  encryptJwe,
  freshKeyPair,
  importPrivate,
  importPublic,
} from '../by-hand.ts'
import { importForJose } from '../peers/jose.ts'
import { interleave } from '../rounds.ts'
import type { Extent, Row } from '../row.ts'
import { presented, world } from '../world.ts'

/** A response as wallets send it, decrypted with a key that lies in a database until then. */
async function decryption(extent: Extent) {
  const made = await world()
  const { response } = await presented(made)
  const plaintext = JSON.stringify(response)
  const secret = randomBytes(32).toString('base64url')
  const { keys } = made.deps
  const { publicJwk } = await responseKeyPair(keys, secret)
  const toUs = encryptJwe(plaintext, importPublic(publicJwk), 'A128GCM', publicJwk.kid)
  const stored = freshKeyPair()
  const { d: _, ...storedPublic } = stored
  const toOthers = encryptJwe(plaintext, importPublic(storedPublic), 'A128GCM', publicJwk.kid)
  const isWhole = (bytes: Uint8Array | undefined) =>
    assert(bytes?.length === Buffer.byteLength(plaintext), 'the plaintext')
  return interleave(extent, [
    {
      name: 'node:crypto',
      does: 'import of a stored JWK and of epk, ECDH, key derivation, AES-GCM',
      once: () => isWhole(decryptJwe(toOthers, importPrivate(stored))),
    },
    {
      name: 'gerbang',
      does: 'the key pair made of the transaction’s secret and ours, kid, strict header, the same',
      async once() {
        const { publicJwk, privateKey } = await responseKeyPair(keys, secret)
        const expected = { kid: publicJwk.kid, encs: responseEncs }
        isWhole(await decryptOurs(toUs, privateKey, expected))
      },
    },
    {
      name: 'jose',
      does: 'importJWK and compactDecrypt',
      async once() {
        const key = await importForJose(stored)
        isWhole((await compactDecrypt(toOthers, key as JWK)).plaintext)
      },
    },
  ])
}

export const responseRows: Row[] = [
  {
    id: 'decrypt',
    work: 'decrypt a response, key import included',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.85 },
    measure: decryption,
  },
]
