import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { packStatuses } from '../../src/credential/status-list.ts'
import { signStatusListCwt } from '../../src/credential/status-list-cwt.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { certifiedSigner } from '../support/certificates.ts'
import {
  answer,
  detailOf,
  type ForeignLists,
  foreignLists,
  type Made,
  packed,
  type Server,
  statuses,
} from '../support/foreign-lists.ts'
import { signer } from '../wallet/parties.ts'

let lists: ForeignLists
beforeAll(async () => {
  lists = await foreignLists()
})
beforeEach(() => {
  lists.visited.length = 0
})

/** A credential that refers to a list is refused for the list alone, and the report says why. */
async function expectNoStatement(uri: string, why: RegExp) {
  const { status, result, failed } = await lists.present(await lists.holderOf(uri))
  expect({ status, failed }).toEqual({ status: 400, failed: ['status.list'] })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(detailOf(result, 'status.list')).toMatch(why)
}

describe('a status list of another gateway', () => {
  it('that says VALID lets a credential pass, and the bank reads so', async () => {
    const uri = lists.freshUri()
    await lists.serve(uri)
    const { status, result } = await lists.present(await lists.holderOf(uri))
    expect(status).toBe(200)
    expect(result.credentials?.['pid-sd-jwt']?.[0]).toMatchObject({ status: 'valid' })
    expect(lists.visited).toEqual([uri])
  })

  it.each([
    ['INVALID', 1, 'status.value', /revoked/],
    ['SUSPENDED', 2, 'status.value', /suspended/],
    ['what is of the application', 3, 'status.list', /unknown/],
  ])('TSL-N01: that says %s does not', async (_, idx, check, why) => {
    const uri = lists.freshUri()
    await lists.serve(uri)
    const { status, result, failed } = await lists.present(await lists.holderOf(uri, idx))
    expect({ status, failed }).toEqual({ status: 400, failed: [check] })
    expect(result.credentials).toBeNull()
    expect(detailOf(result, check)).toMatch(why)
  })

  it('TSL-N01 MDOC-V11: that is a CWT says as much as one that is a JWT', async () => {
    const uri = lists.freshUri()
    const by = signer('status-list:vn')
    const issuedAt = lists.gateway.now()
    const expiresAt = new Date(issuedAt.getTime() + 60_000)
    const draft = { uri, bits: 2 as const, list: statuses, issuedAt, expiresAt, ttl: 60 }
    const token = await signStatusListCwt(draft, { kid: 'k', x5c: [...by.x5c] }, by.sign)
    const headers = { 'content-type': 'application/statuslist+cwt' }
    lists.servers.set(uri, () => new Response(token, { headers }))
    const valid = await lists.present(await lists.holderOf(uri, 0))
    expect({ status: valid.status, failed: valid.failed }).toEqual({ status: 200, failed: [] })
    const revoked = await lists.present(await lists.holderOf(uri, 1))
    expect(revoked.failed).toEqual(['status.value'])
  })

  it('that is a JWT and is called a CWT says nothing', async () => {
    const uri = lists.freshUri()
    const token = await lists.tokenOf(uri)
    lists.servers.set(uri, () => answer(token, 'application/statuslist+cwt'))
    await expectNoStatement(uri, /COSE_Sign1/)
  })

  it('TSL-N01: that says a reserved value of eight bits does not', async () => {
    const uri = lists.freshUri()
    await lists.serve(uri, packed(deflateSync(packStatuses(1, 8, [[0, 0x04]])), 8))
    await expectNoStatement(uri, /unknown/)
  })

  it.each([8, 2 ** 40])('TSL-V04, TSL-N02: that does not reach to %d does not', async (idx) => {
    const uri = lists.freshUri()
    await lists.serve(uri)
    const { failed } = await lists.present(await lists.holderOf(uri, idx))
    expect(failed).toEqual(['status.list'])
  })

  it('of ten million entries is read where it lies', async () => {
    const uri = lists.freshUri()
    const list = packStatuses(10_000_000, 2, [[9_999_999, 1]])
    await lists.serve(uri, packed(deflateSync(list)))
    expect((await lists.present(await lists.holderOf(uri, 9_999_998))).status).toBe(200)
    expect((await lists.present(await lists.holderOf(uri, 9_999_999))).failed).toEqual([
      'status.value',
    ])
    expect(lists.visited).toEqual([uri])
  })
})

describe('a list is refused', () => {
  const raw = (lst: unknown) => ({ status_list: { bits: 2, lst } })
  const whole = deflateSync(statuses)
  it.each<[string, string, (uri: string) => Made, RegExp]>([
    ['TSL-N03', 'with the typ of any JWT', () => [{}, { header: { typ: 'JWT' } }], /typ/],
    ['TSL-N03', 'with that of a credential', () => [{}, { header: { typ: 'dc+sd-jwt' } }], /typ/],
    ['TSL-N03', 'without typ', () => [{}, { header: { typ: undefined } }], /typ/],
    ['TSL-N04', 'of another uri', (uri) => [{ sub: `${uri}0` }], /sub/],
    ['TSL-N04', 'of a uri with a slash more', (uri) => [{ sub: `${uri}/` }], /sub/],
    ['TSL-V02', 'without sub', () => [{ sub: undefined }], /sub/],
    ['TSL-V02', 'without iat', () => [{ iat: undefined }], /iat/],
    ['TSL-V02', 'without status_list', () => [{ status_list: undefined }], /status_list/],
    ['TSL-N05', 'that has expired', () => [{ exp: lists.seconds() }], /exp/],
    ['TSL-N05', 'whose exp is a string', () => [{ exp: `${lists.seconds() + 60}` }], /exp/],
    ['TSL-N05', 'of the future', () => [{ iat: lists.seconds() + 120 }], /future/],
    ['TSL-N05', 'with ttl zero', () => [{ ttl: 0 }], /ttl/],
    ['TSL-N05', 'with a negative ttl', () => [{ ttl: -300 }], /ttl/],
    ['TSL-N05', 'with a ttl that is a string', () => [{ ttl: '300' }], /ttl/],
    ['TSL-N06', 'of 3 bits', () => [packed(whole, 3)], /bits/],
    ['TSL-N06', 'of 16 bits', () => [packed(whole, 16)], /bits/],
    ['TSL-N06', 'of bits in a string', () => [packed(whole, '1')], /bits/],
    ['TSL-N06', 'that is no base64url', () => [raw('eN+/==')], /zlib/],
    ['TSL-N06', 'that is no string', () => [raw([1])], /zlib/],
    ['TSL-N06', 'packed by gzip', () => [packed(gzipSync(statuses))], /zlib/],
    ['TSL-N06', 'of raw deflate', () => [packed(deflateRawSync(statuses))], /zlib/],
    ['TSL-N06', 'that breaks off', () => [packed(whole.subarray(0, -3))], /zlib/],
    ['TSL-V06', 'that is a bomb', () => [packed(deflateSync(new Uint8Array(2 ** 25)))], /bounded/],
    ['TSL-N07', 'with alg none', () => [{}, { header: { alg: 'none' } }], /alg/],
    ['TSL-N07, HAIP-N03', 'without x5c', () => [{}, { header: { x5c: undefined } }], /x5c/],
    [
      'TSL-N07',
      'of another state',
      () => [{}, { by: signer('status-list:la') }],
      /no trust anchor/,
    ],
    [
      'TSL-N07',
      'by the key of the credentials',
      () => [{}, { by: signer('credential:vn') }],
      /for other purposes/,
    ],
    [
      'TSL-N07',
      'signed by another key than its certificate says',
      () => [{}, { header: { x5c: signer('status-list:vn').x5c }, by: signer('status-list:la') }],
      /not signed/,
    ],
  ])('%s: %s', async (_, __, made, why) => {
    const uri = lists.freshUri()
    await lists.serve(uri, ...made(uri))
    await expectNoStatement(uri, why)
  })

  it('TSL-N07: by somebody under a root of his own', async () => {
    const uri = lists.freshUri()
    await lists.serve(uri, {}, { by: await certifiedSigner('http://localhost:8787/issuers/vn') })
    await expectNoStatement(uri, /no trust anchor/)
  })

  it('TSL-N07: without a signature', async () => {
    const uri = lists.freshUri()
    const token = await lists.tokenOf(uri)
    lists.servers.set(uri, () => answer(token.replace(/[^.]+$/, '')))
    await expectNoStatement(uri, /status list token/)
  })

  it.each<[string, Server, RegExp]>([
    ['where nothing is found', () => answer('', undefined, 404), /404/],
    ['where the server fails', () => answer('', undefined, 500), /500/],
    ['where an error page comes as HTML', () => answer('<html>', 'text/html', 503), /503/],
    ['where a page comes instead', () => answer('<html>', 'text/html'), /media type/],
    ['where a page calls itself a list', () => answer('<html>'), /compact JWS/],
    ['where it calls itself JSON', () => answer('{}', 'application/json'), /media type/],
    ['where nothing comes', () => answer(''), /compact JWS/],
    ['where it lies elsewhere', () => Response.redirect('https://lists.example/0'), /302/],
    ['where too much comes', () => answer('x'.repeat(8 * 1024 * 1024 + 1)), /larger than/],
    [
      'where no answer comes in time',
      () => Promise.reject(new DOMException('late', 'TimeoutError')),
      /in time/,
    ],
  ])('TSL-N08: %s', async (_, server, why) => {
    const uri = lists.freshUri()
    lists.servers.set(uri, server)
    await expectNoStatement(uri, why)
  })
})

describe('TSL-V01: no list is fetched for a credential', () => {
  const uri = 'https://lists.example/never'
  const expired = () => lists.holderOf(uri, 0, { exp: lists.seconds() - 1 })

  it.each<[string, () => ReturnType<ForeignLists['holderOf']>, Lies, string]>([
    ['forged', () => lists.holderOf(uri), { tamperIssuerSignature: true }, 'credential.signature'],
    ['enriched', () => lists.holderOf(uri), { extraDisclosure: true }, 'credential.disclosures'],
    ['expired', expired, {}, 'credential.validity'],
    ['stolen', () => lists.holderOf(uri), { holderKey: 'other' }, 'key_binding.signature'],
    ['replayed', () => lists.holderOf(uri), { nonce: 'another' }, 'key_binding.nonce'],
    [
      'of an issuer that is not in the registry',
      () => lists.holderOf(uri, 0, { iss: 'http://localhost:8787/elsewhere' }),
      {},
      'trust.issuer',
    ],
    [
      'of which too little is shown',
      () => lists.holderOf(uri),
      { omitDisclosure: ['name'] },
      'query.claims',
    ],
  ])('%s', async (_, held, lies, check) => {
    expect((await lists.present(await held(), lies)).failed).toContain(check)
    expect(lists.visited).toEqual([])
  })

  it('that its issuer is not authorised for', async () => {
    const held = await lists.holderOf(uri, 0, {}, 'urn:gerbang:other:1')
    const { result, failed } = await lists.present({ ...held, vct: 'urn:gerbang:pid:1' })
    expect(failed).toContain('trust.issuer')
    expect(detailOf(result, 'status.list')).toMatch(/^Not asked/)
    expect(lists.visited).toEqual([])
  })

  it.each<[string, unknown]>([
    ['negative', -1],
    ['a fraction', 0.5],
    ['a string', '0'],
    ['no number', null],
    ['not exact', 2 ** 53],
  ])('TSL-N02: whose idx is %s', async (_, idx) => {
    expect((await lists.present(await lists.holderOf(uri, idx))).failed).toEqual([
      'credential.claims',
    ])
    expect(lists.visited).toEqual([])
  })

  it.each([
    'http://lists.example/1',
    'https://127.0.0.1/1',
    'https://[::1]/1',
    'https://169.254.169.254/1',
    'https://localhost/1',
    'https://a:b@lists.example/1',
    'ftp://lists.example/1',
  ])('VC-V08: that sends us to %s', async (elsewhere) => {
    expect((await lists.present(await lists.holderOf(elsewhere))).failed).toEqual(['status.list'])
    expect(lists.visited).toEqual([])
  })
})
