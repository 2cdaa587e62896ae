import { constants, deflateRawSync, deflateSync } from 'node:zlib'
import { beforeAll, describe, expect, it } from 'vitest'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import {
  packStatuses,
  readStatus,
  type StatusBits,
  signStatusListToken,
  verifyStatusListToken,
} from '../../src/credential/status-list.ts'
import { inflate } from '../../src/credential/zlib.ts'
import { certifiedSigner } from '../support/certificates.ts'
import { signAny } from '../support/raw-jws.ts'
import { at, now } from './scene.ts'

const uri = 'https://issuer.example/status/1'
const MiB = 1024 * 1024

let issuer: Awaited<ReturnType<typeof certifiedSigner>>
beforeAll(async () => {
  issuer = await certifiedSigner()
})
const policy = () => ({ uri, at, anchors: [issuer.anchor] })

describe('a list of ten million credentials', () => {
  const size = 10_000_000
  /** Every 97th is revoked, and so is the very last. */
  function* revoked() {
    for (let idx = 0; idx < size; idx += 97) yield [idx, 1] as const
    yield [size - 1, 1] as const
  }

  it.each<StatusBits>([1, 8])('is read in bounded time, with %d bits each', async (bits) => {
    const list = packStatuses(size, bits, revoked())
    const draft = { uri, bits, list, issuedAt: at, expiresAt: new Date(+at + 1e6), ttl: 60 }
    const token = await signStatusListToken(draft, issuer, issuer.sign)
    const started = performance.now()
    const verified = await verifyStatusListToken(token, policy())
    expect(performance.now() - started).toBeLessThan(5000)
    if (!verified.ok) return expect.unreachable(verified.error)
    const read = verified.value.list
    expect(read.byteLength).toBe((size * bits) / 8)
    expect(read.buffer.byteLength).toBe(read.byteLength)
    const statusOf = (idx: number) => readStatus(read, bits, idx)
    expect([0, 1, 96, 97, size - 2, size - 1, size].map(statusOf)).toEqual([
      1,
      0,
      0,
      1,
      0,
      1,
      undefined,
    ])
    const lookups = performance.now()
    for (let idx = 0; idx < 100_000; idx++) statusOf(idx)
    expect(performance.now() - lookups).toBeLessThan(2000)
  })

  it('is read though it does not compress at all', async () => {
    const list = new Uint8Array(size)
    for (let i = 0; i < size; i += 65_536) crypto.getRandomValues(list.subarray(i, i + 65_536))
    const draft = {
      uri,
      bits: 8 as const,
      list,
      issuedAt: at,
      expiresAt: new Date(+at + 1e6),
      ttl: 60,
    }
    const token = await signStatusListToken(draft, issuer, issuer.sign)
    expect(token.length).toBeGreaterThan(17_000_000)
    const verified = await verifyStatusListToken(token, policy())
    const read = verified.ok ? verified.value.list : new Uint8Array()
    expect(Buffer.compare(read, list)).toBe(0)
  })
})

/** Zeros, `size` MiB of them once unpacked: a thousandth of that as it stands. */
function bomb(size: number): Uint8Array {
  const zeros = deflateRawSync(new Uint8Array(MiB), { finishFlush: constants.Z_FULL_FLUSH })
  return Buffer.concat([Buffer.of(0x78, 0x9c), ...Array(size).fill(zeros), Buffer.of(3, 0)])
}

describe('a bomb of 1 GiB (TSL-V06)', () => {
  it('is no larger than an honest list', () => expect(bomb(1024).length).toBeLessThan(2 * MiB))

  it('is refused, and costs no more memory than the bound and some', async () => {
    const lst = encodeBase64url(bomb(1024))
    const claims = { sub: uri, iat: now, status_list: { bits: 8, lst } }
    const header = { typ: 'statuslist+jwt', alg: 'ES256', x5c: issuer.x5c }
    const token = await signAny(header, claims, issuer.sign)
    const held = () => process.memoryUsage().rss
    const before = held()
    const verified = await verifyStatusListToken(token, policy())
    expect(verified.ok || verified.error).toMatch(/bounded/)
    expect(held() - before).toBeLessThan(150 * MiB)
  })

  it.each([1, 64, 4096])('of which %d bytes are allowed, stops there', async (maxBytes) => {
    expect(await inflate(bomb(1024), maxBytes)).toBeUndefined()
  })

  it('unpacks to the bound, and not one byte over', async () => {
    const list = deflateSync(new Uint8Array(16 * MiB))
    expect((await inflate(list, 16 * MiB))?.length).toBe(16 * MiB)
    expect(await inflate(list, 16 * MiB - 1)).toBeUndefined()
  })
})
