import { decodeJwt, decodeProtectedHeader } from 'jose'
import { beforeEach, describe, expect, it } from 'vitest'
import { readStatus, verifyStatusListToken } from '../../src/credential/status-list.ts'
import { verifyStatusListCwt } from '../../src/credential/status-list-cwt.ts'
import { ownStatus } from '../../src/issuance/status.ts'
import { issuerAnchors, issuers, origin, seconds, start, vnIssuer } from '../support/issuance.ts'

let world: Awaited<ReturnType<typeof issuers>>
let reference: { uri: string; idx: number }
beforeEach(async () => {
  world = await issuers()
  reference = await issued()
})

async function issued() {
  const { credential } = await world.issue()
  const payload = decodeJwt<{ status: { status_list: { uri: string; idx: number } } }>(
    credential.split('~')[0] ?? '',
  )
  return payload.status.status_list
}

const fetchList = (accept?: string) =>
  world.request(reference.uri, accept === undefined ? {} : { headers: { accept } })

async function listed(idx = reference.idx) {
  const { body } = await fetchList()
  const policy = { uri: reference.uri, at: world.deps.clock(), anchors: issuerAnchors }
  const verified = await verifyStatusListToken(String(body.text), policy)
  if (!verified.ok) throw new Error(verified.error)
  return readStatus(verified.value.list, verified.value.bits, idx)
}

const change = async (status: string, { uri, idx } = reference) =>
  world.post(`${origin}/sandbox/credentials/status`, { status_list_uri: uri, idx, status })

describe('status list', () => {
  it('TSL-I03 TSL-I10 HAIP-I09: is a signed token of the issuer', async () => {
    const { status, headers, body } = await fetchList('application/statuslist+jwt')
    expect(status).toBe(200)
    expect(headers.get('content-type')).toBe('application/statuslist+jwt')
    expect(headers.get('access-control-allow-origin')).toBe('*')
    expect(headers.get('cache-control')).toBe('no-cache')
    const token = String(body.text)
    const header = decodeProtectedHeader(token)
    expect(header).toMatchObject({ typ: 'statuslist+jwt', alg: 'ES256' })
    expect(header.x5c).toHaveLength(2)
    const payload = decodeJwt(token)
    expect(payload).toMatchObject({ sub: reference.uri, iat: seconds(start), ttl: 300 })
    expect(payload.exp).toBeGreaterThan(seconds(start) + 300)
  })

  it('has room for 2^20 credentials of two bits, all valid at first', async () => {
    expect(await listed()).toBe(0)
    expect(await listed(2 ** 20 - 1)).toBe(0)
    expect(await listed(2 ** 20)).toBeUndefined()
  })

  it.each([undefined, '*/*', 'application/json', 'text/html, */*;q=0.8'])(
    'is given to who accepts %s',
    async (accept) => {
      expect((await fetchList(accept)).status).toBe(200)
    },
  )

  it('TSL-I04 TSL-I10: is the same list as a CWT', async () => {
    await change('suspended')
    const asJwt = (await fetchList()).body.text
    const accept = 'application/statuslist+cwt'
    const response = await world.app.request(reference.uri, { headers: { accept } })
    expect(response.headers.get('content-type')).toBe(accept)
    expect(response.headers.get('vary')).toContain('Accept')
    const policy = { uri: reference.uri, at: world.deps.clock(), anchors: issuerAnchors }
    const token = new Uint8Array(await response.arrayBuffer())
    const verified = await verifyStatusListCwt(token, policy)
    if (!verified.ok) return expect.unreachable(verified.error)
    const { list, bits, issuedAt, ttl } = verified.value
    expect(readStatus(list, bits, reference.idx)).toBe(2)
    expect({ issuedAt, ttl }).toEqual({ issuedAt: start, ttl: 300 })
    expect((await fetchList()).body.text).toBe(asJwt)
  })

  const [jwt, cwt] = ['application/statuslist+jwt', 'application/statuslist+cwt']
  it.each([
    [jwt, `${cwt}, ${jwt}`],
    [jwt, `${cwt};q=0.5, ${jwt}`],
    [jwt, `${cwt};q=0.8, application/*;q=0.9`],
    [jwt, `${cwt};q=.5, ${jwt};q=.6`],
    [jwt, `${cwt};q=x, */*`],
    [cwt, `${jwt};q=0.5, ${cwt};q=0.6`],
    [cwt, `${jwt};q=0.5, */*`],
    [cwt, `${jwt};q=0, */*;q=0.1`],
    [cwt, `application/*;q=0.2, ${cwt};level=1;q=0.3`],
    [cwt, cwt.toUpperCase()],
  ])('is given as %s to who accepts %s', async (mediaType, accept) => {
    const { headers } = await fetchList(accept)
    expect(headers.get('content-type')).toBe(mediaType)
  })

  it.each(['text/html', 'application/statuslist+jwt;q=0', 'text/*, application/*;q=0.0'])(
    'is not there as %s',
    async (accept) => {
      const { status, body } = await fetchList(accept)
      expect(status).toBe(406)
      expect(body.code).toBe('not_acceptable')
    },
  )

  it('TSL-I11: is not given as of another time', async () => {
    const { status, body } = await world.request(`${reference.uri}?time=1`)
    expect(status).toBe(501)
    expect(body.code).toBe('status_history_not_offered')
  })

  it('is unknown under another id', async () => {
    const { status, body } = await world.request(`${origin}/status-lists/x`)
    expect(status).toBe(404)
    expect(body.code).toBe('not_found')
  })

  it('is signed once, until its ttl is over or something changed', async () => {
    const first = (await fetchList()).body.text
    world.passSeconds(299)
    expect((await fetchList()).body.text).toBe(first)
    world.passSeconds(1)
    const second = (await fetchList()).body.text
    expect(second).not.toBe(first)
    await change('suspended')
    expect((await fetchList()).body.text).not.toBe(second)
  })
})

describe('a copy of a status list', () => {
  const again = (known: string) =>
    world.request(reference.uri, { headers: { 'if-none-match': known } })

  it('is asked after each time, and not sent again while it is the newest', async () => {
    const etag = (await fetchList()).headers.get('etag') ?? ''
    expect(etag).toMatch(/^"[^"]+"$/)
    const unchanged = await again(etag)
    expect(unchanged.status).toBe(304)
    expect(unchanged.body.text).toBe('')
    expect(unchanged.headers.get('cache-control')).toBe('no-cache')
    expect(unchanged.headers.get('etag')).toBe(etag)
    expect(unchanged.headers.get('access-control-allow-origin')).toBe('*')
    expect((await again('"another"')).status).toBe(200)
  })

  it('is out of date as soon as something changed', async () => {
    const etag = (await fetchList()).headers.get('etag') ?? ''
    await change('revoked')
    const { status, headers } = await again(etag)
    expect(status).toBe(200)
    expect(headers.get('etag')).not.toBe(etag)
  })
})

describe('a status change', () => {
  it.each([
    ['suspended', 2],
    ['revoked', 1],
  ])('to %s is in the list at once, for this credential alone', async (status, value) => {
    const other = await issued()
    expect((await change(status)).status).toBe(204)
    expect(await listed()).toBe(value)
    expect(await listed(other.idx)).toBe(0)
  })

  it('lifts a suspension', async () => {
    await change('suspended')
    expect((await change('valid')).status).toBe(204)
    expect(await listed()).toBe(0)
  })

  it('never lifts a revocation', async () => {
    await change('revoked')
    for (const status of ['valid', 'suspended']) {
      const answer = await change(status)
      expect(answer.status).toBe(409)
      expect(answer.body.code).toBe('status_final')
    }
    expect((await change('revoked')).status).toBe(204)
    expect(await listed()).toBe(1)
  })

  it('never lifts a revocation, in whatever order they arrive', async () => {
    const changes = ['valid', 'suspended', 'revoked', 'valid', 'suspended', 'valid']
    await Promise.all(changes.map((status) => change(status)))
    expect(await listed()).toBe(1)
  })

  it.each<[string, () => { uri: string; idx: number }]>([
    [
      'an index that was never issued',
      () => ({ ...reference, idx: (reference.idx + 1) % 2 ** 20 }),
    ],
    ['a list of somebody else', () => ({ uri: 'https://elsewhere.example/1', idx: reference.idx })],
    ['an unknown list', () => ({ uri: `${origin}/status-lists/x`, idx: reference.idx })],
  ])('of %s is refused', async (_, where) => {
    const answer = await change('revoked', where())
    expect(answer.status).toBe(404)
    expect(answer.body.code).toBe('not_found')
  })

  it.each<[string, object]>([
    ['an unknown status', { status: 'lost' }],
    ['a negative index', { idx: -1 }],
    ['an index that is no whole number', { idx: 0.5 }],
    ['an unknown member', { reason: 'x' }],
  ])('with %s is malformed', async (_, wrong) => {
    const { uri, idx } = reference
    const body = { status_list_uri: uri, idx, status: 'revoked', ...wrong }
    const answer = await world.post(`${origin}/sandbox/credentials/status`, body)
    expect(answer.status).toBe(400)
    expect(answer.body.code).toBe('malformed_request')
  })
})

describe('ownStatus', () => {
  const status = (at = world.deps.clock(), { uri, idx } = reference, issuer = vnIssuer) =>
    ownStatus(world.deps, { uri, idx }, issuer, at)

  it('knows a change at once, and what was before it', async () => {
    expect(await status()).toBe('valid')
    world.passSeconds(60)
    await change('suspended')
    expect(await status()).toBe('suspended')
    world.passSeconds(60)
    await change('revoked')
    expect(await status()).toBe('invalid')
    const plus = (s: number) => new Date(start.getTime() + s * 1000)
    expect(await status(plus(59))).toBe('valid')
    expect(await status(plus(60))).toBe('suspended')
    expect(await status(plus(119))).toBe('suspended')
    expect(await status(plus(120))).toBe('invalid')
  })

  it('TSL-N07: says nothing of a credential by another issuer', async () => {
    for (const issuer of [
      `${origin}/issuers/sg`,
      `${vnIssuer}/`,
      'https://elsewhere.example',
      '',
    ]) {
      expect(await status(start, reference, issuer)).toBeUndefined()
    }
  })

  it('says nothing of what is not ours', async () => {
    const { uri, idx } = reference
    expect(await status(start, { uri, idx: (idx + 1) % 2 ** 20 })).toBeUndefined()
    expect(await status(start, { uri: `${uri}x`, idx })).toBeUndefined()
    expect(await status(start, { uri: uri.replace('localhost', 'example'), idx })).toBeUndefined()
  })
})
