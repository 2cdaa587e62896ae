import { deflateSync } from 'node:zlib'
import { encodeBase64url } from '../../src/credential/base64url.ts'
import { packStatuses } from '../../src/credential/status-list.ts'
import type { Lies } from '../../src/wallet/lies.ts'
import { createWallet } from '../../src/wallet/wallet.ts'
import { random, signer } from '../wallet/parties.ts'
import { failed, type Presentation, testGateway } from './gateway.ts'
import { citizen } from './presentation.ts'
import { signAny } from './raw-jws.ts'

export type Server = () => Response | Promise<Response>
type Signer = Pick<ReturnType<typeof signer>, 'x5c' | 'sign'>
/** What a token says beside, or instead of, what an honest one does; `undefined` leaves a member out. */
export type Made = [claims?: object, how?: { header?: object; by?: Signer }]

/** At index 1 stands INVALID, at 2 SUSPENDED, at 3 what is of the application. */
export const statuses = packStatuses(8, 2, [
  [1, 1],
  [2, 2],
  [3, 3],
])
export const packed = (bytes: Uint8Array = deflateSync(statuses), bits: unknown = 2) => ({
  status_list: { bits, lst: encodeBase64url(bytes) },
})

const mediaType = 'application/statuslist+jwt'
export const answer = (body: string, type = mediaType, status = 200, headers = {}) =>
  new Response(body, { status, headers: { 'content-type': type, ...headers } })

export type ForeignLists = Awaited<ReturnType<typeof foreignLists>>

/**
 * A gateway, and credentials of Viet Nam's issuer whose status lists lie elsewhere: on a network that is
 * ours, where nobody is but who was put there.
 */
export async function foreignLists() {
  const servers = new Map<string, Server>()
  const visited: string[] = []
  const gateway = await testGateway(
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
  let count = 0
  const seconds = () => Math.floor(gateway.now().getTime() / 1000)

  /** A status list token for a URI, truly signed. */
  function tokenOf(uri: string, ...[claims = {}, how = {}]: Made): Promise<string> {
    const { header = {}, by = signer('status-list:vn') } = how
    const honest = { sub: uri, iat: seconds(), exp: seconds() + 86_400, ttl: 300, ...packed() }
    const whole = { typ: 'statuslist+jwt', alg: 'ES256', x5c: [...by.x5c], ...header }
    return signAny(JSON.parse(JSON.stringify(whole)), { ...honest, ...claims }, by.sign)
  }

  return {
    gateway,
    servers,
    /** Whose URLs were connected to, oldest first. */
    visited,
    seconds,
    tokenOf,
    freshUri: () => `https://lists.example/${++count}`,

    async serve(uri: string, ...made: Made) {
      const token = await tokenOf(uri, ...made)
      servers.set(uri, () => answer(token))
    },

    /** A credential that refers to an index of a list. */
    holderOf: (uri: string, idx: unknown = 0, claims: object = {}, vct?: string) =>
      citizen({ exp: seconds() + 86_400, status: { status_list: { uri, idx } }, ...claims }, vct),

    /** Shows a credential to the bank; what the wallet was answered, and what the bank reads. */
    async present(held: Awaited<ReturnType<typeof citizen>>, lies: Lies = {}) {
      const { fetch, now } = gateway
      const wallet = createWallet({ fetch, now, random, credentials: [held] })
      const transaction = await gateway.ask()
      const { status, request, response } = await wallet.present(
        transaction.authorization_request,
        { lies },
      )
      const result = await transaction.read()
      return { status, result, failed: failed(result), request, response }
    },
  }
}

export const detailOf = ({ report }: Pick<Presentation, 'report'>, check: string) =>
  report?.checks.find(({ id }) => id === check)?.detail
