import { createServer, type RequestListener } from 'node:http'
import { type AddressInfo, createServer as createTcpServer, type Server } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectNode, isPublicAddress } from '../../src/platform/connect.node.ts'
import { type FetchGuard, guardedFetch } from '../../src/platform/fetch.ts'

const wanted = { mediaTypes: ['application/statuslist+jwt'], maxBytes: 10 }
const answer = (body: BodyInit | null, type = 'application/statuslist+jwt', status = 200) =>
  new Response(body, { status, headers: { 'content-type': type } })

function door(connect: FetchGuard['connect'], more: Partial<FetchGuard> = {}) {
  const own = { origin: 'https://own.example', fetch: () => answer('ours') }
  return guardedFetch({ connect, own, ...more })
}
const neverConnects = () => {
  throw new Error('must not connect')
}

/** The port of a server on loopback, for as long as the test runs. */
async function listening(server: Server): Promise<number> {
  await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready))
  onTestFinished(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A real server that answers in some way, and a guarded fetch that may go there. */
async function near(listener: RequestListener, more: Partial<FetchGuard> = {}) {
  const origin = `http://127.0.0.1:${await listening(createServer(listener))}`
  const fetch = door(connectNode, { loopbackOrigins: [origin], ...more })
  return () => fetch(`${origin}/list`, wanted)
}

describe('a guarded fetch', () => {
  it('returns what was asked for', async () => {
    const got = await door(async () => answer('list'))('https://a.example/x', wanted)
    expect(got.ok && new TextDecoder().decode(got.value.bytes)).toBe('list')
  })

  it('answers URLs of our own origin in process', async () => {
    const got = await door(neverConnects)('https://own.example/status', wanted)
    expect(got.ok && new TextDecoder().decode(got.value.bytes)).toBe('ours')
  })

  it.each([
    ['VC-N07', 'http', 'http://a.example/'],
    ['VC-N07', 'loopback by name', 'https://localhost/'],
    ['VC-N07', 'loopback by address', 'https://127.0.0.1/'],
    ['VC-N07', 'loopback by address, with a dot behind it', 'https://127.0.0.1./'],
    ['VC-N07', 'loopback in two numbers', 'https://127.1/'],
    ['VC-N07', 'a decimal address', 'https://2130706433/'],
    ['VC-N07', 'a hexadecimal address', 'https://0x7f000001/'],
    ['VC-N07', 'an octal address', 'https://0177.0.0.1/'],
    ['VC-N07', 'a private address', 'https://10.0.0.1/'],
    ['VC-N07', 'cloud metadata', 'https://169.254.169.254/latest'],
    ['VC-V08', 'IPv6', 'https://[::1]/'],
    ['VC-V08', 'IPv4 in IPv6', 'https://[::ffff:10.0.0.1]/'],
    ['VC-V08', 'credentials', 'https://user:secret@a.example/'],
    ['VC-V08', 'another scheme', 'file:///etc/passwd'],
    ['VC-V08', 'data in the URL', 'data:application/statuslist+jwt,x'],
    ['VC-V08', 'no URL at all', 'not a url'],
  ])('%s: refuses %s without connecting', async (_, __, url) => {
    expect(await door(neverConnects)(url, wanted)).toMatchObject({ ok: false })
  })

  it.each([
    ['VC-V08', 'a redirect', answer('list', undefined, 302), /302/],
    ['VC-V08', 'a permanent redirect', answer('list', undefined, 308), /308/],
    ['VC-V08', 'too large an answer', answer('x'.repeat(11)), /larger than 10/],
    ['TSL-N08', 'not found', answer('list', undefined, 404), /404/],
    ['TSL-N08', 'an error page', answer('list', undefined, 500), /500/],
    ['TSL-N08', 'no content', answer(null, undefined, 204), /204/],
    ['TSL-N08', 'HTML', answer('<p>', 'text/html; charset=utf-8'), /media type/],
    ['TSL-N08', 'a media type that only begins so', answer('', `${wanted.mediaTypes}x`), /media/],
    ['TSL-N08', 'no media type', new Response(new Uint8Array(1)), /media type/],
  ])('%s: refuses %s', async (_, __, response, sentence) => {
    const got = await door(async () => response)('https://a.example/', wanted)
    expect(!got.ok && got.error).toMatch(sentence)
  })

  it('does not read what it refuses', async () => {
    let cancelled = false
    const body = new ReadableStream({
      cancel: () => {
        cancelled = true
      },
    })
    await door(async () => answer(body, 'text/html'))('https://a.example/', wanted)
    expect(cancelled).toBe(true)
  })

  it('takes a media type with parameters, in capitals', async () => {
    const got = await door(async () => answer('list', 'Application/StatusList+JWT; a=b'))
    expect(await got('https://a.example/', wanted)).toMatchObject({ ok: true })
  })
})

describe('TSL-N08: a guarded fetch gives up in time', () => {
  const never = () => new Promise<never>(() => undefined)
  const endless = () =>
    new ReadableStream({
      start: (c) => c.enqueue(new Uint8Array(1)),
    })
  it.each<[string, FetchGuard['connect'], string]>([
    ['no connection', never, 'https://a.example/'],
    ['a body that stops half way', async () => answer(endless()), 'https://a.example/'],
  ])('%s', async (_, connect, url) => {
    const got = await door(connect, { timeoutMs: 20 })(url, wanted)
    expect(!got.ok && got.error).toMatch(/in time/)
  })

  it('an own answer that does not come', async () => {
    const own = { origin: 'https://own.example', fetch: never }
    const got = await door(neverConnects, { own, timeoutMs: 20 })('https://own.example/x', wanted)
    expect(!got.ok && got.error).toMatch(/in time/)
  })

  it('a body that comes drop by drop, over a real connection', async () => {
    let closed: Promise<unknown> | undefined
    const fetch = await near(
      (_, response) => {
        response.setHeader('content-type', 'application/statuslist+jwt')
        const drops = setInterval(() => response.write('x'), 50)
        closed = new Promise<void>((done) => {
          response.on('close', () => {
            clearInterval(drops)
            done()
          })
        })
      },
      { timeoutMs: 120 },
    )
    expect(await fetch()).toMatchObject({ ok: false, error: expect.stringMatching(/in time/) })
    await closed
  })
})

describe('a connection from Node', () => {
  it('reaches a configured loopback origin from the sandbox, and no other', async () => {
    const fetch = await near((request, response) => {
      response.setHeader('content-type', 'application/statuslist+jwt')
      response.end(request.headers.accept === wanted.mediaTypes[0] ? 'near' : 'odd')
    })
    const got = await fetch()
    expect(got.ok && new TextDecoder().decode(got.value.bytes)).toBe('near')
    expect(await door(connectNode)('http://127.0.0.1:1/list', wanted)).toMatchObject({ ok: false })
  })

  it('VC-V08: does not follow a redirect', async () => {
    let visits = 0
    const fetch = await near((_, response) => {
      visits++
      response.writeHead(302, { location: '/elsewhere' }).end()
    })
    expect(await fetch()).toMatchObject({ ok: false, error: expect.stringMatching(/302/) })
    expect(visits).toBe(1)
  })

  it.each([204, 304, 600, 999])('outlives the status %d', async (status) => {
    const fetch = await near((_, response) => {
      response.socket?.end(`HTTP/1.1 ${status} Odd\r\ncontent-length: 0\r\n\r\n`)
    })
    expect(await fetch()).toMatchObject({ ok: false })
  })

  it('VC-N07: refuses a name that resolves to loopback, and opens no connection', async () => {
    let connections = 0
    const port = await listening(
      createTcpServer((socket) => {
        connections++
        socket.destroy()
      }),
    )
    const init = { signal: AbortSignal.timeout(5000), accept: '*/*' }
    const connecting = connectNode(new URL(`https://localhost:${port}/list`), init)
    await expect(connecting).rejects.toThrow('the address is not public')
    expect(connections).toBe(0)
  })
})

describe('VC-V08: what may be connected to', () => {
  it.each([
    ['8.8.8.8', true],
    ['172.32.0.1', true],
    ['100.128.0.1', true],
    ['2606:4700:4700::1111', true],
    ['2a00:1450::1', true],
    ['127.0.0.1', false],
    ['127.255.255.254', false],
    ['10.1.2.3', false],
    ['172.16.0.1', false],
    ['172.31.255.255', false],
    ['192.168.0.1', false],
    ['169.254.169.254', false],
    ['100.64.0.1', false],
    ['100.127.255.255', false],
    ['0.0.0.0', false],
    ['0.1.2.3', false],
    ['198.18.0.1', false],
    ['224.0.0.1', false],
    ['255.255.255.255', false],
    ['::', false],
    ['::1', false],
    ['::127.0.0.1', false],
    ['::ffff:127.0.0.1', false],
    ['::ffff:7f00:1', false],
    ['::ffff:8.8.8.8', false],
    ['64:ff9b::7f00:1', false],
    ['64:ff9b:1::a00:1', false],
    ['2001::1', false],
    ['2001:db8::1', false],
    ['2002:7f00:1::', false],
    ['3fff::1', false],
    ['fc00::1', false],
    ['fd00::1', false],
    ['fe80::1', false],
    ['fe80::1%eth0', false],
    ['2606:4700::1%eth0', false],
    ['fec0::1', false],
    ['ff02::1', false],
    ['', false],
    ['a.example', false],
  ])('the address %s: %s', (address, expected) => {
    expect(isPublicAddress(address)).toBe(expected)
  })
})
