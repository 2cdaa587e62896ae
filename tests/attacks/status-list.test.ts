import { deflateRawSync, deflateSync, gzipSync } from 'node:zlib'
import { beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { decodeBase64, encodeBase64url } from '../../src/credential/base64url.ts'
import { sha256 } from '../../src/credential/digest.ts'
import { packStatuses } from '../../src/credential/status-list.ts'
import { appendEntry } from '../../src/registry/ledger.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import type { Fact } from '../../src/trust/facts.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { signRaw } from '../credential/scene.ts'
import { certifiedSigner } from '../support/certificates.ts'
import { failed, type Presentation, type TestGateway, testGateway } from '../support/gateway.ts'
import { citizen } from '../support/presentation.ts'
import { random, signer } from '../wallet/parties.ts'

// Credentials of Viet Nam's issuer whose status list lies elsewhere, on a network that is ours.

type Server = () => Response | Promise<Response>
type Signer = Pick<ReturnType<typeof signer>, 'x5c' | 'sign'>

/** Who is at which URL. Anybody else does not answer. */
const servers = new Map<string, Server>()
let visited: string[]
let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway(
    {},
    {
      async connect({ href }) {
        visited.push(href)
        const server = servers.get(href)
        if (!server) throw new Error('nobody is there')
        return server()
      },
    },
  )
})
beforeEach(() => {
  visited = []
})

let count = 0
const freshUri = () => `https://lists.example/${++count}`
const seconds = () => Math.floor(gateway.now().getTime() / 1000)

/** At index 1 stands INVALID, at 2 SUSPENDED, at 3 what is of the application. */
const statuses = packStatuses(8, 2, [
  [1, 1],
  [2, 2],
  [3, 3],
])
const packed = (bytes: Uint8Array = deflateSync(statuses), bits: unknown = 2) => ({
  status_list: { bits, lst: encodeBase64url(bytes) },
})

/** A status list token for a URI, truly signed, with other header members or claims. */
function tokenOf(
  uri: string,
  claims: object = {},
  { header = {}, by = signer('status-list:vn') }: { header?: object; by?: Signer } = {},
): Promise<string> {
  const { x5c, sign } = by
  const honest = { sub: uri, iat: seconds(), exp: seconds() + 86_400, ttl: 300, ...packed() }
  const wholeHeader = { typ: 'statuslist+jwt', alg: 'ES256', x5c: [...x5c], ...header }
  return signRaw(JSON.parse(JSON.stringify(wholeHeader)), { ...honest, ...claims }, sign)
}

const answer = (body: string, type = 'application/statuslist+jwt', status = 200) =>
  new Response(body, { status, headers: { 'content-type': type } })

/** Puts a list at a URI, for good. */
async function serve(uri: string, ...how: [claims?: object, by?: Parameters<typeof tokenOf>[2]]) {
  const token = await tokenOf(uri, ...how)
  servers.set(uri, () => answer(token))
}

type Held = Awaited<ReturnType<typeof citizen>>

const holderOf = (uri: string, idx: unknown = 0, claims: object = {}) =>
  citizen({ exp: seconds() + 86_400, status: { status_list: { uri, idx } }, ...claims })

async function present(held: Held, lies: Lies = {}) {
  const wallet = createWallet({
    fetch: gateway.fetch,
    now: gateway.now,
    random,
    credentials: [held],
  })
  const transaction = await gateway.ask()
  const { status } = await wallet.present(transaction.authorization_request, { lies })
  const result = await transaction.read()
  return { status, result, failed: failed(result) }
}

const detailOf = ({ report }: Presentation, check: string) =>
  report?.checks.find(({ id }) => id === check)?.detail

/** A credential that refers to a list is refused for the list alone, and the report says why. */
async function expectNoStatement(uri: string, why: RegExp) {
  const { status, result, failed } = await present(await holderOf(uri))
  expect({ status, failed }).toEqual({ status: 400, failed: ['status.list'] })
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(detailOf(result, 'status.list')).toMatch(why)
}

describe('a status list of another gateway', () => {
  it('that says VALID lets a credential pass, and the bank reads so', async () => {
    const uri = freshUri()
    await serve(uri)
    const { status, result } = await present(await holderOf(uri))
    expect(status).toBe(200)
    expect(result.credentials?.['pid-sd-jwt']?.[0]).toMatchObject({ status: 'valid' })
    expect(visited).toEqual([uri])
  })

  it.each([
    ['INVALID', 1, 'status.value', /revoked/],
    ['SUSPENDED', 2, 'status.value', /suspended/],
    ['what is of the application', 3, 'status.list', /unknown/],
  ])('TSL-N01: that says %s does not', async (_, idx, check, why) => {
    const uri = freshUri()
    await serve(uri)
    const { status, result, failed } = await present(await holderOf(uri, idx))
    expect({ status, failed }).toEqual({ status: 400, failed: [check] })
    expect(result.credentials).toBeNull()
    expect(detailOf(result, check)).toMatch(why)
  })

  it('TSL-N01: that says a reserved value of eight bits does not', async () => {
    const uri = freshUri()
    await serve(uri, packed(deflateSync(packStatuses(1, 8, [[0, 0x04]])), 8))
    await expectNoStatement(uri, /unknown/)
  })

  it.each([8, 2 ** 40])('TSL-V04, TSL-N02: that does not reach to %d does not', async (idx) => {
    const uri = freshUri()
    await serve(uri)
    const { failed } = await present(await holderOf(uri, idx))
    expect(failed).toEqual(['status.list'])
  })

  it('of ten million entries is read where it lies', async () => {
    const uri = freshUri()
    const list = packStatuses(10_000_000, 2, [[9_999_999, 1]])
    await serve(uri, packed(deflateSync(list)))
    expect((await present(await holderOf(uri, 9_999_998))).status).toBe(200)
    expect((await present(await holderOf(uri, 9_999_999))).failed).toEqual(['status.value'])
    expect(visited).toEqual([uri])
  })
})

describe('a list is refused', () => {
  const raw = (lst: unknown) => ({ status_list: { bits: 2, lst } })
  const whole = deflateSync(statuses)
  it.each<[string, string, (uri: string) => [object, Parameters<typeof tokenOf>[2]?], RegExp]>([
    ['TSL-N03', 'with the typ of any JWT', () => [{}, { header: { typ: 'JWT' } }], /typ/],
    ['TSL-N03', 'with that of a credential', () => [{}, { header: { typ: 'dc+sd-jwt' } }], /typ/],
    ['TSL-N03', 'without typ', () => [{}, { header: { typ: undefined } }], /typ/],
    ['TSL-N04', 'of another uri', (uri) => [{ sub: `${uri}0` }], /sub/],
    ['TSL-N04', 'of a uri with a slash more', (uri) => [{ sub: `${uri}/` }], /sub/],
    ['TSL-V02', 'without sub', () => [{ sub: undefined }], /sub/],
    ['TSL-V02', 'without iat', () => [{ iat: undefined }], /iat/],
    ['TSL-V02', 'without status_list', () => [{ status_list: undefined }], /status_list/],
    ['TSL-N05', 'that has expired', () => [{ exp: seconds() }], /exp/],
    ['TSL-N05', 'whose exp is a string', () => [{ exp: `${seconds() + 60}` }], /exp/],
    ['TSL-N05', 'of the future', () => [{ iat: seconds() + 120 }], /future/],
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
    ['TSL-N07', 'without x5c', () => [{}, { header: { x5c: undefined } }], /x5c/],
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
    const uri = freshUri()
    await serve(uri, ...made(uri))
    await expectNoStatement(uri, why)
  })

  it('TSL-N07: by somebody under a root of his own', async () => {
    const uri = freshUri()
    await serve(uri, {}, { by: await certifiedSigner('http://localhost:8787/issuers/vn') })
    await expectNoStatement(uri, /no trust anchor/)
  })

  it('TSL-N07: without a signature', async () => {
    const uri = freshUri()
    const token = await tokenOf(uri)
    servers.set(uri, () => answer(token.replace(/[^.]+$/, '')))
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
    const uri = freshUri()
    servers.set(uri, server)
    await expectNoStatement(uri, why)
  })
})

describe('TSL-V03: a list is kept', () => {
  it('for its ttl, whatever HTTP says of caching; then the old copy is no answer', async () => {
    const uri = freshUri()
    const token = await tokenOf(uri)
    const headers = { 'content-type': 'application/statuslist+jwt' }
    const caching = { ...headers, 'cache-control': 'max-age=86400, stale-if-error=86400' }
    servers.set(uri, () => new Response(token, { headers: caching }))
    const held = await holderOf(uri)
    expect((await present(held)).status).toBe(200)
    servers.set(uri, () => answer('', undefined, 500))
    gateway.advance(299)
    expect((await present(held)).status).toBe(200)
    gateway.advance(1)
    expect((await present(held)).failed).toEqual(['status.list'])
    expect(visited).toEqual([uri, uri])
  })

  it('even where HTTP forbids it', async () => {
    const uri = freshUri()
    const token = await tokenOf(uri)
    const headers = { 'content-type': 'application/statuslist+jwt', 'cache-control': 'no-store' }
    servers.set(uri, () => new Response(token, { headers }))
    const held = await holderOf(uri)
    await present(held)
    expect((await present(held)).status).toBe(200)
    expect(visited).toEqual([uri])
  })

  it('and fetched once for many at the same time', async () => {
    const uri = freshUri()
    await serve(uri)
    const issuer = `${gateway.origin}/issuers/vn`
    const all = await Promise.all(
      Array.from({ length: 50 }, () =>
        gateway.deps.statusOf({ uri, idx: 1 }, issuer, gateway.now()),
      ),
    )
    expect(new Set(all.map((each) => each.ok && each.value))).toEqual(new Set(['invalid']))
    expect(visited).toEqual([uri])
  })
})

it('TSL-N07: an anchor that is suspended vouches for no list from then on, not even a kept one', async () => {
  const uri = freshUri()
  const second = await certifiedSigner('https://lists.example')
  const certificate = second.root.der
  const id = encodeBase64url(await sha256(decodeBase64(certificate) ?? ''))
  const [entity, validFrom] = [`${gateway.origin}/states/vn`, seconds()]
  const become = (status: 'granted' | 'suspended', effectiveFrom: number): Fact => ({
    ...{ type: 'status', target: { type: 'trust_anchor', id }, status },
    ...{ effectiveFrom, reason: status === 'granted' ? 'initial' : 'security-incident' },
  })
  const append = async (...facts: Fact[]) => {
    const ledger = ledgerStore(gateway.database)
    const deps = { clock: gateway.now, registryId: 'test', ledger }
    const change = { kind: 'anchor', actor: 'somebody', facts }
    expect(await appendEntry(deps, change)).toMatchObject({ ok: true })
    await gateway.deps.registry.refresh()
  }
  await append(
    { type: 'trust_anchor', id, entity, use: 'issuer_ca', certificate, validFrom },
    become('granted', validFrom),
  )
  await serve(uri, {}, { by: second })
  const held = await holderOf(uri)
  expect((await present(held)).status).toBe(200)
  await append(become('suspended', seconds()))
  expect((await present(held)).failed).toEqual(['status.list'])
  expect(visited).toEqual([uri])
})

describe('TSL-V01: no list is fetched for a credential', () => {
  const uri = 'https://lists.example/never'
  const expired = () => holderOf(uri, 0, { exp: seconds() - 1 })

  it.each<[string, () => Promise<Held>, Lies, string]>([
    ['forged', () => holderOf(uri), { tamperIssuerSignature: true }, 'credential.signature'],
    ['enriched', () => holderOf(uri), { extraDisclosure: true }, 'credential.disclosures'],
    ['expired', expired, {}, 'credential.validity'],
    ['stolen', () => holderOf(uri), { holderKey: 'other' }, 'key_binding.signature'],
    ['replayed', () => holderOf(uri), { nonce: 'another' }, 'key_binding.nonce'],
    [
      'of an issuer that is not in the registry',
      () => holderOf(uri, 0, { iss: 'http://localhost:8787/elsewhere' }),
      {},
      'trust.issuer',
    ],
  ])('%s', async (_, held, lies, check) => {
    expect((await present(await held(), lies)).failed).toContain(check)
    expect(visited).toEqual([])
  })

  it('that its issuer is not authorised for', async () => {
    const held = await citizen(
      { exp: seconds() + 86_400, status: { status_list: { uri, idx: 0 } } },
      'urn:gerbang:other:1',
    )
    const { result, failed } = await present({ ...held, vct: 'urn:gerbang:pid:1' })
    expect(failed).toContain('trust.issuer')
    expect(detailOf(result, 'status.list')).toMatch(/^Not asked/)
    expect(visited).toEqual([])
  })

  it.each<[string, unknown]>([
    ['negative', -1],
    ['a fraction', 0.5],
    ['a string', '0'],
    ['no number', null],
    ['not exact', 2 ** 53],
  ])('TSL-N02: whose idx is %s', async (_, idx) => {
    expect((await present(await holderOf(uri, idx))).failed).toEqual(['credential.claims'])
    expect(visited).toEqual([])
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
    expect((await present(await holderOf(elsewhere))).failed).toEqual(['status.list'])
    expect(visited).toEqual([])
  })
})
