import { describe, expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import type { Curve, Hash } from '../../src/credential/cryptography.ts'
import { byEachDriver } from '../support/drivers.ts'

const ascii = (text: string) => new TextEncoder().encode(text)
const toHex = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString('hex')

/** Bytes in the middle of others, as what was received mostly is. */
function hex(text: string): Uint8Array<ArrayBuffer> {
  const bytes = Buffer.from(text.replace(/\s/g, ''), 'hex')
  const around = new Uint8Array(bytes.length + 7).fill(0xa5)
  around.set(bytes, 3)
  return around.subarray(3, 3 + bytes.length)
}

/** RFC 6979 A.2.5 and A.2.6: keys, and signatures over "sample". */
const p256 = {
  scalar: hex('c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721'),
  point: hex(
    `60fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6
     7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299`,
  ),
  sha256: hex(
    `efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716
     f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8`,
  ),
}
const p384 = {
  point: hex(
    `ec3a4e415b4e19a4568618029f427fa5da9a8bc4ae92e02e06aae5286b300c64def8f0ea9055866064a254515480bc13
     8015d9b72d7d57244ea8ef9ac0c621896708a59367f9dfb9f54ca84b3f1c9db1288b231c3ae0d4fe7344fd2533264720`,
  ),
  sha256: hex(
    `21b13d1e013c7fa1392d03c5f99af8b30c570c6f98d4ea8e354b63a21d3daa33bde1e888e63355d92fa2b3c36d8fb2cd
     f3aa443fb107745bf4bd77cb3891674632068a10ca67e3d45db2266fa7d1feebefdc63eccd1ac42ec0cb8668a4fa0ab0`,
  ),
  sha384: hex(
    `94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c81a648152e44acf96e36dd1e80fabe46
     99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94fa329c145786e679e7b82c71a38628ac8`,
  ),
}
const sample = ascii('sample')
const order = 'ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551'
const prime = 'ffffffff00000001000000000000000000000000ffffffffffffffffffffffff'
const zero = '00'.repeat(32)

/** What is no point of P-256. */
const noPoints: [string, Uint8Array][] = [
  ['nothing', hex('')],
  ['zero', hex(zero + zero)],
  ['a point off the curve', hex('01'.repeat(64))],
  ['a coordinate as large as the prime', hex(prime + zero)],
  ['all ones', hex('ff'.repeat(64))],
  ['a byte less', p256.point.subarray(0, 63)],
  ['a byte more', hex(`${toHex(p256.point)}00`)],
  ['a point of another curve', p384.point],
]
const noScalars: [string, Uint8Array][] = [
  ['zero', hex(zero)],
  ['the order', hex(order)],
  ['all ones', hex('ff'.repeat(32))],
  ['a byte less', p256.scalar.subarray(0, 31)],
  ['a byte more', hex(`${toHex(p256.scalar)}00`)],
]

byEachDriver(() => {
  it('SHA-256 (FIPS 180-2 B.1)', async () => {
    const digest = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad'
    expect(toHex(await cryptography().sha256(hex('616263')))).toBe(digest)
    const text = Buffer.from(digest, 'hex').toString('base64url')
    expect(await cryptography().digestText('abc')).toBe(text)
  })

  it.each([
    ['beyond ASCII', 'Nguyễn 🪪'],
    ['half of a character', 'a\ud800b'],
  ])('SHA-256 of a text is that of its UTF-8: %s', async (_, text) => {
    const digest = await cryptography().sha256(ascii(text))
    expect(await cryptography().digestText(text)).toBe(Buffer.from(digest).toString('base64url'))
  })

  it('HMAC-SHA-256 (RFC 4231 4.3)', async () => {
    const key = await cryptography().macKey(hex('4a656665'))
    expect(toHex(await cryptography().mac(key, ascii('what do ya want for nothing?')))).toBe(
      '5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843',
    )
  })

  it('HKDF-SHA-256 (RFC 5869 A.3)', async () => {
    expect(toHex(await cryptography().hkdf(hex('0b'.repeat(22)), hex(''), 42))).toBe(
      '8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8',
    )
  })

  describe('AES-GCM (McGrew and Viega, test cases 4 and 16)', () => {
    const half = 'feffe9928665731c6d6a8f9467308308'
    const iv = hex('cafebabefacedbaddecaf888')
    const aad = hex('feedfacedeadbeeffeedfacedeadbeefabaddad2')
    const plaintext = hex(
      `d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525
       b16aedf5aa0de657ba637b39`,
    )
    it.each([
      [
        'a key of 16 bytes',
        hex(half),
        `42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e21d514b25466931c7d8f6a5aac84aa05
         1ba30b396a0aac973d58e091 5bc94fbc3221a5db94fae95ae7121a47`,
      ],
      [
        'a key of 32 bytes',
        hex(half + half),
        `522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838
         c5f61e6393ba7a0abcc9f662 76fc6ece0f4e1768cddf8853bb2d551b`,
      ],
    ])('%s', async (_, key, text) => {
      const { seal, open } = cryptography()
      const sealed = hex(text)
      expect(toHex(await seal(key, iv, plaintext, aad))).toBe(toHex(sealed))
      expect(toHex(await open(key, iv, sealed, aad))).toBe(toHex(plaintext))
      for (const at of [0, sealed.length - 17, sealed.length - 1]) {
        const altered = sealed.map((byte, i) => (i === at ? byte ^ 1 : byte))
        expect(await open(key, iv, altered, aad)).toBeUndefined()
      }
      expect(await open(key, iv, sealed, aad.subarray(1))).toBeUndefined()
      expect(await open(key, iv, sealed.subarray(0, -1), aad)).toBeUndefined()
      expect(await open(key, iv, sealed.subarray(0, 15), aad)).toBeUndefined()
      expect(await open(key, iv, hex(''), aad)).toBeUndefined()
    })

    it('of nothing', async () => {
      const { seal, open } = cryptography()
      const sealed = await seal(hex(half), iv, hex(''), hex(''))
      expect(sealed).toHaveLength(16)
      expect(await open(hex(half), iv, sealed, hex(''))).toEqual(new Uint8Array())
    })
  })

  describe('ECDSA', () => {
    it.each<[Curve, Hash, { point: Uint8Array }, Uint8Array]>([
      ['P-256', 'SHA-256', p256, p256.sha256],
      ['P-384', 'SHA-256', p384, p384.sha256],
      ['P-384', 'SHA-384', p384, p384.sha384],
    ])('verifies on %s with %s (RFC 6979 A.2)', async (curve, hash, { point }, signature) => {
      const { verifyingKey, verify } = cryptography()
      const key = await verifyingKey(curve, point)
      if (!key) throw new Error('no key')
      expect(await verify(key, hash, signature, sample)).toBe(true)
      expect(await verify(key, hash, signature, ascii('sampled'))).toBe(false)
      const other = hash === 'SHA-256' ? 'SHA-384' : 'SHA-256'
      expect(await verify(key, other, signature, sample)).toBe(false)
    })

    it.each<[string, Uint8Array]>([
      ['nothing', hex('')],
      ['zeros', hex(zero + zero)],
      ['r of zero', hex(zero + toHex(p256.sha256.subarray(32)))],
      ['the order twice', hex(order + order)],
      ['all ones', hex('ff'.repeat(64))],
      ['a byte less', p256.sha256.subarray(0, 63)],
      ['a byte more', hex(`${toHex(p256.sha256)}00`)],
      ['the length of another curve', p384.sha256],
      ['the same in DER', hex(`3045 0220 ${toHex(p256.sha256.subarray(0, 32))} 022100${order}`)],
    ])('is false for %s', async (_, signature) => {
      const { verifyingKey, verify } = cryptography()
      const key = await verifyingKey('P-256', p256.point)
      expect(key && (await verify(key, 'SHA-256', signature, sample))).toBe(false)
    })

    it('signs so that it verifies, however short the numbers are', async () => {
      const { signingKey, sign, verifyingKey, verify } = cryptography()
      const key = await signingKey(p256.scalar, p256.point)
      const publicKey = await verifyingKey('P-256', p256.point)
      // As often as it takes: one in 256 begins with a zero, in r and in s.
      const short = { r: false, s: false }
      for (let i = 0; i < 500 || !short.r || !short.s; i++) {
        const text = ascii(`text ${i}`)
        const signature = await sign(key, text)
        expect(signature).toHaveLength(64)
        expect(publicKey && (await verify(publicKey, 'SHA-256', signature, text))).toBe(true)
        short.r ||= signature[0] === 0
        short.s ||= signature[32] === 0
      }
    })

    it.each(noPoints)('has no key for %s', async (_, point) => {
      expect(await cryptography().verifyingKey('P-256', point)).toBeUndefined()
    })

    it('has no key for a point of P-256 on P-384', async () => {
      expect(await cryptography().verifyingKey('P-384', p256.point)).toBeUndefined()
      expect(await cryptography().verifyingKey('P-384', hex('01'.repeat(96)))).toBeUndefined()
    })

    it.each<[string, Uint8Array, Uint8Array]>([
      ['another point', hex(`${zero.slice(2)}07`), p256.point],
      ['half of the point', p256.scalar, p256.point.subarray(0, 32)],
      ...noScalars.map(([name, scalar]): [string, Uint8Array, Uint8Array] => [
        `${name} as the scalar`,
        scalar,
        p256.point,
      ]),
    ])('throws for %s to sign with', async (_, scalar, point) => {
      await expect(async () => cryptography().signingKey(scalar, point)).rejects.toThrow()
    })
  })

  describe('ECDH', () => {
    /** RFC 5903 8.1. */
    const initiator = hex('c88f01f510d9ac3f70a292daa2316de544e9aab8afe84049c62a9c57862d1433')
    const responder = hex(
      `d12dfb5289c8d4f81208b70270398c342296970a0bccb74c736fc7554494bf63
       56fbf3ca366cc23e8157854c13c58d6aac23f046ada30f8353e74f33039872ab`,
    )

    it('agrees (RFC 5903 8.1)', async () => {
      const { agreementKey, agree } = cryptography()
      const { key, point } = await agreementKey(initiator)
      expect(toHex(point)).toBe(
        'dad0b65394221cf9b051e1feca5787d098dfe637fc90b9ef945d0c3772581180' +
          '5271a0461cdb8252d61f1c456fa3e59ab1f45b33accf5f58389e0577b8990bb3',
      )
      expect(toHex(await agree(key, responder))).toBe(
        'd6840f6b42f6edafd13116e0e12565202fef8e9ece7dce03812464d04b9442de',
      )
    })

    it.each(noPoints)('shares nothing with %s', async (_, point) => {
      const { agreementKey, agree } = cryptography()
      const { key } = await agreementKey(initiator)
      expect(await agree(key, point)).toBeUndefined()
    })

    it.each(noScalars)('throws for %s', async (_, scalar) => {
      await expect(async () => cryptography().agreementKey(scalar)).rejects.toThrow()
    })
  })
})
