import { createCipheriv, createECDH, createHash } from 'node:crypto'
import type { JWK } from 'jose'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import type { JsonObject } from '../../src/credential/json.ts'
import { decryptJwe, keyPairFromSeed } from '../../src/credential/jwe.ts'
import { byEachDriver } from '../support/drivers.ts'

const encs = ['A128GCM', 'A256GCM']

let recipient: Awaited<ReturnType<typeof keyPairFromSeed>>

const uint32 = (n: number) => {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(n)
  return bytes
}
const counted = (bytes: Uint8Array) => Buffer.concat([uint32(bytes.length), bytes])

type Made = {
  enc?: string
  apu?: Uint8Array
  apv?: Uint8Array
  iv?: Uint8Array
  text?: (header: JsonObject) => string
}

/**
 * A JWE to the recipient (RFC 7518 4.6) whose header says whatever it is told to, its tag made over
 * just that: whoever does not look at the header decrypts it.
 */
function encrypt(change: (honest: JsonObject & { epk: JWK }) => object, made: Made = {}): string {
  const { enc = 'A128GCM', apu = new Uint8Array(), apv = new Uint8Array() } = made
  const { x = '', y = '' } = recipient.publicJwk
  const point = Buffer.concat([
    Buffer.of(4),
    Buffer.from(x, 'base64url'),
    Buffer.from(y, 'base64url'),
  ])
  const ephemeral = createECDH('prime256v1')
  const own = ephemeral.generateKeys()
  const [size, cipher] =
    enc === 'A128GCM' ? ([16, 'aes-128-gcm'] as const) : ([32, 'aes-256-gcm'] as const)
  const derived = createHash('sha256')
    .update(Buffer.concat([uint32(1), ephemeral.computeSecret(point)]))
    .update(Buffer.concat([Buffer.from(enc), apu, apv].map(counted)))
    .update(uint32(size * 8))
    .digest()
  const epk = {
    kty: 'EC',
    crv: 'P-256',
    x: own.subarray(1, 33).toString('base64url'),
    y: own.subarray(33).toString('base64url'),
  }
  const header = change({ alg: 'ECDH-ES', enc, kid: 'k1', epk }) as JsonObject
  const written = made.text?.(header) ?? JSON.stringify(header)
  const aad = encodeBase64url(new TextEncoder().encode(written))
  const { iv = Buffer.alloc(12, 1) } = made
  const aes = createCipheriv(cipher, derived.subarray(0, size), iv).setAAD(Buffer.from(aad))
  const ciphertext = Buffer.concat([aes.update(Buffer.from('{}')), aes.final()])
  return [aad, '', ...[iv, ciphertext, aes.getAuthTag()].map(encodeBase64url)].join('.')
}

async function read(jwe: string): Promise<string | undefined> {
  const plaintext = await decryptJwe(jwe, recipient.privateKey, { kid: 'k1', encs })
  return plaintext && new TextDecoder().decode(plaintext)
}

byEachDriver(() => {
  beforeAll(async () => {
    recipient = await keyPairFromSeed(new Uint8Array(32).fill(7))
  })

  describe('a header is read', () => {
    it.each(encs)('that says what was announced: %s', async (enc) => {
      expect(await read(encrypt((header) => header, { enc }))).toBe('{}')
    })

    it('with members that mean nothing here', async () => {
      expect(await read(encrypt((header) => ({ ...header, typ: 'JWT', cty: 'json' })))).toBe('{}')
    })

    it.each<[string, Uint8Array]>([
      ['no bytes', new Uint8Array()],
      ['bytes that are no text', Uint8Array.of(0xff, 0, 0xfe)],
      ['a thousand bytes', new Uint8Array(1000).fill(7)],
    ])('with apu, and with apv, of %s', async (_, info) => {
      const value = encodeBase64url(info)
      for (const name of ['apu', 'apv']) {
        const jwe = encrypt((header) => ({ ...header, [name]: value }), { [name]: info })
        expect(await read(jwe)).toBe('{}')
      }
    })
  })

  describe('a header is refused, though what follows it would decrypt,', () => {
    it.each<[string, (honest: JsonObject & { epk: JWK }) => object]>([
      ['without an ephemeral key', ({ epk, ...header }) => header],
      ['with a private ephemeral key', (h) => ({ ...h, epk: { ...h.epk, d: h.epk.x } })],
      ['with an ephemeral key for signing', (h) => ({ ...h, epk: { ...h.epk, use: 'sig' } })],
      ['with one for another algorithm', (h) => ({ ...h, epk: { ...h.epk, alg: 'ES256' } })],
      ['with one on another curve', (h) => ({ ...h, epk: { ...h.epk, crv: 'P-384' } })],
      ['with one of another kind', (h) => ({ ...h, epk: { ...h.epk, kty: 'OKP' } })],
      ['with one off the curve', (h) => ({ ...h, epk: { ...h.epk, y: h.epk.x } })],
      [
        'with one at zero',
        (h) => ({ ...h, epk: { ...h.epk, x: 'A'.repeat(43), y: 'A'.repeat(43) } }),
      ],
      ['with one that has zeros before', (h) => ({ ...h, epk: { ...h.epk, x: `AA${h.epk.x}` } })],
      ['with the alg none', (h) => ({ ...h, alg: 'none' })],
      ['with the alg dir', (h) => ({ ...h, alg: 'dir' })],
      ['with RSA-OAEP', (h) => ({ ...h, alg: 'RSA-OAEP' })],
      ['with RSA1_5', (h) => ({ ...h, alg: 'RSA1_5' })],
      ['with wrapped keys', (h) => ({ ...h, alg: 'ECDH-ES+A128KW' })],
      [
        'with a password',
        (h) => ({ ...h, alg: 'PBES2-HS256+A128KW', p2c: 1e9, p2s: 'AAAAAAAAAAA' }),
      ],
      ['with an array for alg', (h) => ({ ...h, alg: ['ECDH-ES'] })],
      ['with an array for kid', (h) => ({ ...h, kid: ['k1'] })],
      ['with another kid', (h) => ({ ...h, kid: 'k2' })],
      ['without a kid', ({ kid, ...header }) => header],
      ['with an enc of another length', (h) => ({ ...h, enc: 'A256GCM' })],
      ['with an enc that is no AEAD of ours', (h) => ({ ...h, enc: 'A128CBC-HS256' })],
      ['with zip', (h) => ({ ...h, zip: 'DEF' })],
      ['with zip that is null', (h) => ({ ...h, zip: null })],
      ['with crit', (h) => ({ ...h, crit: ['exp'], exp: 1 })],
      ['with apu that is a number', (h) => ({ ...h, apu: 1 })],
      ['with apv that is an object', (h) => ({ ...h, apv: {} })],
      ['with an apu that no key was derived with', (h) => ({ ...h, apu: 'AAAA' })],
      ['of more than 8 KiB', (h) => ({ ...h, note: 'x'.repeat(9000) })],
      [
        'that nests without end',
        (h) => ({ ...h, note: JSON.parse('['.repeat(99) + ']'.repeat(99)) }),
      ],
    ])('%s (VP-N06)', async (_, change) => {
      expect(await read(encrypt(change))).toBeUndefined()
    })

    it('that says one thing twice (VP-N06)', async () => {
      const text = (header: JsonObject) => JSON.stringify(header).replace('{', '{"alg":"dir",')
      expect(await read(encrypt((header) => header, { text }))).toBeUndefined()
    })

    it.each([1, 8, 16])('with an IV of %i bytes after it (RFC 7518 5.3)', async (length) => {
      const iv = new Uint8Array(length).fill(1)
      expect(await read(encrypt((header) => header, { iv }))).toBeUndefined()
    })

    it('that is no JSON object (VP-N06)', async () => {
      for (const noise of ['', '[]', 'null', '"ECDH-ES"', '{']) {
        expect(await read(encrypt((header) => header, { text: () => noise }))).toBeUndefined()
      }
    })
  })
  describe('what follows a header is refused', () => {
    const bytes = (part: string | undefined) => Buffer.from(part ?? '', 'base64url')
    it.each<[string, (parts: string[]) => string[]]>([
      ['with a key, where none is sent (RFC 7518 4.6)', (parts) => parts.with(1, 'AA')],
      ['without an IV', (parts) => parts.with(2, '')],
      ['with an IV that is no base64url', (parts) => parts.with(2, '!'.repeat(16))],
      ['without a tag', (parts) => parts.with(4, '')],
      [
        'with the end of its ciphertext in the tag',
        ([header = '', , iv = '', ciphertext, tag]) => {
          const [start, end] = [bytes(ciphertext).subarray(0, 1), bytes(ciphertext).subarray(1)]
          return [
            header,
            '',
            iv,
            encodeBase64url(start),
            encodeBase64url(Buffer.concat([end, bytes(tag)])),
          ]
        },
      ],
      [
        'with the start of its tag in the ciphertext',
        ([header = '', , iv = '', ciphertext, tag]) => {
          const [start, end] = [bytes(tag).subarray(0, 4), bytes(tag).subarray(4)]
          const longer = encodeBase64url(Buffer.concat([bytes(ciphertext), start]))
          return [header, '', iv, longer, encodeBase64url(end)]
        },
      ],
      ['with a part too many', (parts) => [...parts, '']],
      ['without a part', (parts) => parts.slice(0, 4)],
    ])('%s (VP-N06)', async (_, change) => {
      const parts = encrypt((header) => header).split('.')
      expect(await read(parts.join('.'))).toBe('{}')
      expect(await read(change(parts).join('.'))).toBeUndefined()
    })
  })
})
