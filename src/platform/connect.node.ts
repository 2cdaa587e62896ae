import { lookup } from 'node:dns'
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { BlockList, isIPv6, type LookupFunction } from 'node:net'
import { Readable } from 'node:stream'
import type { FetchGuard } from './fetch.ts'

/** Special-purpose address blocks (IANA registries, RFC 6890): nothing of the public lives there. */
const notPublic = new BlockList()
for (const block of [
  ...['0.0.0.0/8', '10.0.0.0/8', '100.64.0.0/10', '127.0.0.0/8', '169.254.0.0/16'],
  ...['172.16.0.0/12', '192.0.0.0/24', '192.0.2.0/24', '192.88.99.0/24', '192.168.0.0/16'],
  ...['198.18.0.0/15', '198.51.100.0/24', '203.0.113.0/24', '224.0.0.0/3'],
  ...['::/127', '64:ff9b::/96', '64:ff9b:1::/48', '100::/64', '2001::/23', '2001:db8::/32'],
  ...['2002::/16', 'fc00::/7', 'fe80::/10', 'ff00::/8'],
]) {
  const [network = '', prefix] = block.split('/')
  notPublic.addSubnet(network, Number(prefix), isIPv6(network) ? 'ipv6' : 'ipv4')
}

/** Whether an address may be connected to on behalf of a stranger. */
export function isPublicAddress(address: string): boolean {
  return !notPublic.check(address, isIPv6(address) ? 'ipv6' : 'ipv4')
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
export const connectNode: FetchGuard['connect'] = (url, signal) =>
  new Promise((resolve, reject) => {
    const secure = url.protocol === 'https:'
    const send = secure ? requestHttps : requestHttp
    const request = send(url, { signal, ...(secure && { lookup: publicLookup }) }, (message) => {
      const headers = new Headers()
      const type = message.headers['content-type']
      if (type) headers.set('content-type', type)
      const body = Readable.toWeb(message) as ReadableStream<Uint8Array<ArrayBuffer>>
      const status = message.statusCode ?? 502
      const bodiless = status === 204 || status === 205 || status === 304
      resolve(new Response(bodiless ? null : body, { status, headers }))
    })
    request.on('error', reject)
    request.end()
  })
