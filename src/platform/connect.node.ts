import { lookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIPv4, isIPv6, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { FetchGuard } from './fetch.ts'

/** Special-purpose blocks of IPv4 (IANA registry, RFC 6890): nothing of the public lives there. */
const notPublicIPv4 = blockList('ipv4', [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
])

/**
 * In IPv6 the public lives in 2000::/3 alone, and not in its special-purpose blocks. Outside lie, among
 * others, whatever has an IPv4 address inside (mapped, NAT64), unique local and link-local; 6to4 and
 * Teredo, which have one too, are named.
 */
const notPublicIPv6 = blockList('ipv6', [
  ...['::/3', '4000::/2', '8000::/1'],
  ...['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20'],
])

function blockList(family: 'ipv4' | 'ipv6', blocks: readonly string[]): BlockList {
  const list = new BlockList()
  for (const block of blocks) {
    const [network = '', prefix] = block.split('/')
    list.addSubnet(network, Number(prefix), family)
  }
  return list
}

/** Whether an address may be connected to on behalf of a stranger. One with a zone may not. */
export function isPublicAddress(address: string): boolean {
  if (isIPv4(address)) return !notPublicIPv4.check(address, 'ipv4')
  return isIPv6(address) && !address.includes('%') && !notPublicIPv6.check(address, 'ipv6')
}

/**
 * Resolves a name, and refuses it unless every address is public. The socket uses this very answer:
 * a name that points elsewhere a moment later (DNS rebinding) gains nothing.
 */
const publicLookup: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, { ...options, all: true }, (error, addresses) => {
    const [first] = addresses ?? []
    if (error) return callback(error, [])
    if (!first || !addresses.every(({ address }) => isPublicAddress(address))) {
      return callback(new Error('the address is not public'), [])
    }
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family)
  })
}

/** Opens a connection from Node. Plain http is only ever asked for on loopback, by the sandbox. */
export const connectNode: FetchGuard['connect'] = (url, { signal, accept }) =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const send = secure ? requestHttps : requestHttp
    const headers = { accept, 'accept-encoding': 'identity' }
    const options = { signal, headers, ...(secure && { lookup: publicLookup }) }
    const request = send(url, options, (message) => {
      // A status that HTTP does not know makes no Response. Thrown here, it would reach nobody.
      try {
        resolve(responseOf(message))
      } catch (error) {
        request.destroy()
        reject(error)
      }
    })
    request.on('error', reject)
    request.end()
  })

function responseOf(message: IncomingMessage): Response {
  const headers = new Headers()
  const type = message.headers['content-type']
  if (type) headers.set('content-type', type)
  const status = message.statusCode ?? 502
  const bodiless = status === 204 || status === 205 || status === 304
  const body = Readable.toWeb(message) as ReadableStream<Uint8Array<ArrayBuffer>>
  return new Response(bodiless ? null : body, { status, headers })
}
