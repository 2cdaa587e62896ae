import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { describe, expect, it } from 'vitest'
import { connectNode, isPublicAddress } from '../../src/platform/connect.node.ts'
import { type FetchGuard, guardedFetch } from '../../src/platform/fetch.ts'

const wanted = { mediaTypes: ['application/statuslist+jwt'], maxBytes: 10 }
const answer = (body: string, type = 'application/statuslist+jwt', status = 200) =>
  new Response(body, { status, headers: { 'content-type': type } })

function door(connect: FetchGuard['connect'], more: Partial<FetchGuard> = {}) {
  const own = { origin: 'https://own.example', fetch: () => answer('ours') }
  return guardedFetch({ connect, own, ...more })
}
const neverConnects = () => {
  throw new Error('must not connect')
}

describe('a guarded fetch', () => {
  it('returns what was asked for', async () => {
    const got = await door(async () => answer('list'))('https://a.example/x', wanted)
    expect(got.ok && new TextDecoder().decode(got.value)).toBe('list')
  })

  it('answers URLs of our own origin in process', async () => {
    const got = await door(neverConnects)('https://own.example/status', wanted)
    expect(got.ok && new TextDecoder().decode(got.value)).toBe('ours')
  })

  it.each([
    ['http', 'http://a.example/'],
    ['loopback by name', 'https://localhost/'],
    ['loopback by address', 'https://127.0.0.1/'],
    ['a decimal address', 'https://2130706433/'],
    ['IPv6', 'https://[::1]/'],
    ['cloud metadata', 'https://169.254.169.254/latest'],
    ['credentials', 'https://user:secret@a.example/'],
    ['another scheme', 'file:///etc/passwd'],
    ['no URL at all', 'not a url'],
  ])('refuses %s without connecting', async (_, url) => {
    expect(await door(neverConnects)(url, wanted)).toMatchObject({ ok: false })
  })

  it.each([
    ['a redirect', answer('', undefined, 302), /302/],
    ['an error page', answer('no', undefined, 500), /500/],
    ['another media type', answer('<p>', 'text/html'), /media type/],
    ['too large an answer', answer('x'.repeat(11)), /larger than 10/],
  ])('refuses %s', async (_, response, sentence) => {
    const got = await door(async () => response)('https://a.example/', wanted)
    expect(!got.ok && got.error).toMatch(sentence)
  })

  it('gives up in time', async () => {
    const connect: FetchGuard['connect'] = (_, { signal }) =>
      new Promise((_resolve, reject) =>
        signal.addEventListener('abort', () => reject(signal.reason)),
      )
    const got = await door(connect, { timeoutMs: 20 })('https://a.example/', wanted)
    expect(!got.ok && got.error).toMatch(/in time/)
  })

  it('reaches a configured loopback origin from the sandbox, and no other', async () => {
    const server = createServer((_, response) => {
      response.setHeader('content-type', 'application/statuslist+jwt')
      response.end('near')
    })
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening))
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const fetch = door(connectNode, { loopbackOrigins: [origin] })
    expect(await fetch(`${origin}/list`, wanted)).toMatchObject({ ok: true })
    expect(await fetch('http://127.0.0.1:1/list', wanted)).toMatchObject({ ok: false })
    server.close()
  })
})

it.each([
  ['8.8.8.8', true],
  ['2606:4700:4700::1111', true],
  ['127.0.0.1', false],
  ['10.1.2.3', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['0.0.0.0', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['fe80::1', false],
  ['fd00::1', false],
  ['::ffff:127.0.0.1', false],
  ['::ffff:7f00:1', false],
  ['64:ff9b::7f00:1', false],
])('the address %s is public: %s', (address, expected) => {
  expect(isPublicAddress(address)).toBe(expected)
})
