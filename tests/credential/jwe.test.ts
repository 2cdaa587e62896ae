import { createECDH, hkdfSync } from 'node:crypto'
import { CompactEncrypt, compactDecrypt, importJWK, type JWK } from 'jose'
import { describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { cryptography } from '../../src/credential/crypto.ts'
import {
  decryptJwe,
  encryptJwe,
  keyPairFromSeed,
  openUnder,
  sealUnder,
} from '../../src/credential/jwe.ts'
import { agreementKeyOf } from '../support/agreement-key.ts'
import { byEachDriver } from '../support/drivers.ts'
import { hasVectors, jsonVector } from '../support/vectors.ts'

const encs = ['A128GCM', 'A256GCM']
const seed = new Uint8Array(32).fill(7)
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes)

/** A key pair, as we have it and as jose does. */
async function keys() {
  const ecdh = { name: 'ECDH', namedCurve: 'P-256' }
  const made = (await crypto.subtle.generateKey(ecdh, true, ['deriveBits'])) as CryptoKeyPair
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', made.privateKey)
  const publicJwk = { kty, crv, x, y, kid: 'k1', alg: 'ECDH-ES' } as JWK
  const privateJwk = { ...publicJwk, d } as JWK
  return { publicJwk, privateJwk, privateKey: await agreementKeyOf(privateJwk) }
}

byEachDriver(() => {
  describe('keyPairFromSeed', () => {
    it('makes the same pair of the same seed, and another of another', async () => {
      const [first, again, other] = await Promise.all(
        [seed, seed, new Uint8Array(32).fill(8)].map(keyPairFromSeed),
      )
      expect(again?.publicJwk).toEqual(first?.publicJwk)
      expect(other?.publicJwk).not.toEqual(first?.publicJwk)
      expect(Object.keys(first?.publicJwk ?? {})).toEqual(['kty', 'crv', 'x', 'y'])
    })

    it('follows FIPS 186-5 A.2.1 over HKDF, as computed by other means', async () => {
      const order = BigInt('0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551')
      const wide = Buffer.from(hkdfSync('sha256', seed, '', 'P-256 key pair', 48)).toString('hex')
      const scalar = (BigInt(`0x${wide}`) % (order - 1n)) + 1n
      const ecdh = createECDH('prime256v1')
      ecdh.setPrivateKey(scalar.toString(16).padStart(64, '0'), 'hex')
      const point = ecdh.getPublicKey()
      const { publicJwk } = await keyPairFromSeed(seed)
      expect(publicJwk.x).toBe(point.subarray(1, 33).toString('base64url'))
      expect(publicJwk.y).toBe(point.subarray(33).toString('base64url'))
    })
  })

  describe('encryptJwe and decryptJwe', () => {
    it.each(encs)('round trip with %s', async (enc) => {
      const { publicJwk, privateKey } = await keys()
      const jwe = await encryptJwe('{"vp_token":{}}', publicJwk, enc)
      expect(text(await decryptJwe(jwe, privateKey, { kid: 'k1', encs }))).toBe('{"vp_token":{}}')
    })

    it.each(encs)('jose reads what we write, and we what jose writes: %s', async (enc) => {
      const { publicJwk, privateJwk, privateKey } = await keys()
      const ours = await encryptJwe('to jose', publicJwk, enc)
      const { plaintext, protectedHeader } = await compactDecrypt(ours, privateJwk)
      expect([text(plaintext), protectedHeader.kid, protectedHeader.enc]).toEqual([
        'to jose',
        'k1',
        enc,
      ])
      const parties = { apu: new TextEncoder().encode('Alice'), apv: new Uint8Array(64).fill(0xff) }
      for (const { apu, apv } of [{}, { apu: parties.apu }, { apv: parties.apv }, parties]) {
        const theirs = await new CompactEncrypt(new TextEncoder().encode('from jose'))
          .setProtectedHeader({ alg: 'ECDH-ES', enc, kid: 'k1', typ: 'JWT' })
          .setKeyManagementParameters({ ...(apu && { apu }), ...(apv && { apv }) })
          .encrypt(await importJWK(publicJwk, 'ECDH-ES'))
        expect(text(await decryptJwe(theirs, privateKey, { kid: 'k1', encs }))).toBe('from jose')
      }
    })

    it('derives the key of RFC 7518 C, of both parties', async () => {
      const header = {
        ...{ alg: 'ECDH-ES', enc: 'A128GCM', apu: 'QWxpY2U', apv: 'Qm9i' },
        epk: {
          kty: 'EC',
          crv: 'P-256',
          x: 'gI0GAILBdu7T53akrFmMyGcsF3n5dO7MmwNBHKW5SV0',
          y: 'SLW_xSffzlPWrHEVI30DHM_4egVwt3NQqeUD7nMFpps',
        },
      }
      const bob = await agreementKeyOf({ d: 'VEmDZpDXXK8p8N0Cndsxs924q6nS1RXFASRl6BfUqdw' } as JWK)
      const key = Buffer.from('VqqN6vgjbSBcIijNcacQGg', 'base64url')
      const head = Buffer.from(JSON.stringify(header)).toString('base64url')
      const iv = new Uint8Array(12)
      const sealed = await cryptography().seal(key, iv, Buffer.from('Hello'), Buffer.from(head))
      const parts = [iv, sealed.subarray(0, -16), sealed.subarray(-16)].map(encodeBase64url)
      expect(text(await decryptJwe([head, '', ...parts].join('.'), bob, { encs }))).toBe('Hello')
    })

    it.each<[string, Partial<JWK>]>([
      ['on another curve', { kty: 'EC', crv: 'P-384', x: 'AA', y: 'AA' }],
      ['for signing', { use: 'sig' }],
      ['with its private half', { d: 'AA' }],
    ])('never encrypts to a key %s', async (_, change) => {
      const { publicJwk } = await keys()
      await expect(encryptJwe('x', { ...publicJwk, ...change }, 'A128GCM')).rejects.toThrow('P-256')
    })

    const header = { alg: 'ECDH-ES', enc: 'A128GCM', kid: 'k1' }
    it.each<[string, { alg?: string; enc?: string; kid?: undefined | string }]>([
      ['another kid', { kid: 'k2' }],
      ['no kid', { kid: undefined }],
      ['wrapped keys', { alg: 'ECDH-ES+A256KW' }],
      ['an enc not announced', { enc: 'A256CBC-HS512' }],
      ['A192GCM', { enc: 'A192GCM' }],
    ])('refuses %s (VP-N06)', async (_, change) => {
      const { publicJwk, privateKey } = await keys()
      const jwe = await new CompactEncrypt(new TextEncoder().encode('{}'))
        .setProtectedHeader(JSON.parse(JSON.stringify({ ...header, ...change })))
        .encrypt(await importJWK(publicJwk, change.alg ?? 'ECDH-ES'))
      expect(await decryptJwe(jwe, privateKey, { kid: 'k1', encs })).toBeUndefined()
    })

    it('refuses a compressed plaintext, though it would decrypt (VP-N06)', async () => {
      const { publicJwk, privateJwk, privateKey } = await keys()
      const jwe = await new CompactEncrypt(new TextEncoder().encode('{}'))
        .setProtectedHeader({ ...header, zip: 'DEF' })
        .encrypt(await importJWK(publicJwk, 'ECDH-ES'))
      expect(text((await compactDecrypt(jwe, privateJwk)).plaintext)).toBe('{}')
      expect(await decryptJwe(jwe, privateKey, { kid: 'k1', encs })).toBeUndefined()
    })

    it('refuses more than 1 MiB, though it would decrypt', async () => {
      const { publicJwk, privateKey } = await keys()
      const fits = await encryptJwe('x'.repeat(700_000), publicJwk, 'A128GCM')
      const large = await encryptJwe('x'.repeat(800_000), publicJwk, 'A128GCM')
      expect((await decryptJwe(fits, privateKey, { encs }))?.length).toBe(700_000)
      expect(await decryptJwe(large, privateKey, { encs })).toBeUndefined()
    })

    it('refuses every altered part, another key and what is no JWE', async () => {
      const { publicJwk, privateKey } = await keys()
      const jwe = await encryptJwe('{}', publicJwk, 'A128GCM')
      const parts = jwe.split('.')
      for (const position of [0, 2, 3, 4]) {
        const altered = parts.map((part, i) => (i === position ? `${part.slice(0, -2)}AA` : part))
        if (altered.join('.') === jwe) continue
        const answer = await decryptJwe(altered.join('.'), privateKey, { kid: 'k1', encs })
        expect(answer).toBeUndefined()
      }
      const other = await keyPairFromSeed(new Uint8Array(32).fill(9))
      expect(await decryptJwe(jwe, other.privateKey, { kid: 'k1', encs })).toBeUndefined()
      for (const noise of ['', '.', '....', 'a.b.c', 'x'.repeat(2_000_000)]) {
        expect(await decryptJwe(noise, privateKey, { encs })).toBeUndefined()
      }
    })

    it.skipIf(!hasVectors)('reads the response of OpenID4VP 1.0 8.3', async () => {
      const { response_jwe, decryption_jwk_test_only, plaintext } = jsonVector<{
        response_jwe: string
        decryption_jwk_test_only: JWK
        plaintext: object
      }>('openid4vp/encrypted-response.json')
      const key = await agreementKeyOf(decryption_jwk_test_only)
      const read = await decryptJwe(response_jwe, key, { kid: 'ac', encs })
      expect(JSON.parse(text(read) ?? '')).toEqual(plaintext)
    })
  })

  describe('sealUnder and openUnder', () => {
    it('opens with the same secret and context alone', async () => {
      const box = await sealUnder('secret', 'code', 'claims')
      expect(await openUnder('secret', 'code', box)).toBe('claims')
      expect(await openUnder('Secret', 'code', box)).toBeUndefined()
      expect(await openUnder('secret', 'token', box)).toBeUndefined()
      const altered = `${box.slice(0, -2)}${box.endsWith('AA') ? 'BA' : 'AA'}`
      expect(await openUnder('secret', 'code', altered)).toBeUndefined()
      expect(await openUnder('secret', 'code', 'noise')).toBeUndefined()
    })

    it('never makes one box twice', async () => {
      expect(await sealUnder('s', 'c', 'same')).not.toBe(await sealUnder('s', 'c', 'same'))
    })

    it('keeps the empty text', async () => {
      expect(await openUnder('s', 'c', await sealUnder('s', 'c', ''))).toBe('')
    })
  })
})
