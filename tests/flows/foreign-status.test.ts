import { beforeEach, describe, expect, it } from 'vitest'
import { decodeBase64, encodeBase64url } from '../../src/credential/base64url.ts'
import { sha256 } from '../../src/credential/digest.ts'
import { appendEntry } from '../../src/registry/ledger.ts'
import { ledgerStore } from '../../src/store/registry.ts'
import type { Fact } from '../../src/trust/facts.ts'
import { certifiedSigner } from '../support/certificates.ts'
import { answer, detailOf, type ForeignLists, foreignLists } from '../support/foreign-lists.ts'
import { failed, type Presentation } from '../support/gateway.ts'

const uri = 'https://lists.example/1'
let lists: ForeignLists
beforeEach(async () => {
  lists = await foreignLists()
})

describe('TSL-V03: a status list of another gateway is kept', () => {
  it('for its ttl, whatever HTTP says of caching; then the old copy is no answer', async () => {
    const { gateway, servers, visited, present } = lists
    const token = await lists.tokenOf(uri)
    const caching = { 'cache-control': 'max-age=86400, stale-if-error=86400' }
    servers.set(uri, () => answer(token, undefined, 200, caching))
    const held = await lists.holderOf(uri)
    expect((await present(held)).status).toBe(200)
    servers.set(uri, () => answer('', undefined, 500))
    gateway.advance(299)
    expect((await present(held)).status).toBe(200)
    gateway.advance(1)
    expect((await present(held)).failed).toEqual(['status.list'])
    expect(visited).toEqual([uri, uri])
  })

  it('even where HTTP forbids it', async () => {
    const { servers, visited, present } = lists
    const token = await lists.tokenOf(uri)
    servers.set(uri, () => answer(token, undefined, 200, { 'cache-control': 'no-store' }))
    const held = await lists.holderOf(uri)
    await present(held)
    expect((await present(held)).status).toBe(200)
    expect(visited).toEqual([uri])
  })

  it('and fetched once for many at the same time', async () => {
    const { gateway, visited } = lists
    await lists.serve(uri)
    const issuer = `${gateway.origin}/issuers/vn`
    const ask = () => gateway.deps.statusOf({ uri, idx: 1 }, issuer, gateway.now())
    const all = await Promise.all(Array.from({ length: 50 }, ask))
    expect(new Set(all.map((each) => each.ok && each.value))).toEqual(new Set(['invalid']))
    expect(visited).toEqual([uri])
  })
})

describe('TSL-V05: POST /v1/verify', () => {
  /** What the bank was shown a while ago, judged as of then, with what it had to know to judge it. */
  async function verifyAsOf(secondsAgo: number) {
    const { gateway, visited } = lists
    await lists.serve(uri)
    const { request, response } = await lists.present(await lists.holderOf(uri))
    const at = gateway.now().toISOString()
    visited.length = 0
    gateway.advance(secondsAgo)
    await lists.serve(uri)
    const { nonce, client_id: audience, dcql_query } = request
    const { vp_token } = response as { vp_token: object }
    const body = { vp_token, dcql_query, nonce, audience, purpose: 'bank-kyc', at }
    const key = await gateway.keyOf('bank-sg')
    return (await gateway.post<Presentation>('/v1/verify', body, key)).body
  }

  it('says of a foreign list that it cannot be known as of long ago, and fetches nothing', async () => {
    const verdict = await verifyAsOf(3601)
    expect(failed(verdict)).toEqual([])
    expect(detailOf(verdict, 'status.list')).toMatch(/^Cannot be known as of then/)
    expect(verdict.credentials?.['pid-sd-jwt']?.[0]).toMatchObject({ status: null })
    expect(lists.visited).toEqual([])
  })

  it('nor by a list that was issued since', async () => {
    const verdict = await verifyAsOf(1800)
    expect(detailOf(verdict, 'status.value')).toMatch(/^Cannot be known as of then/)
    expect(lists.visited).toEqual([uri])
  })

  it('knows it by a copy that is still kept', async () => {
    const verdict = await verifyAsOf(299)
    expect(verdict.credentials?.['pid-sd-jwt']?.[0]).toMatchObject({ status: 'valid' })
    expect(lists.visited).toEqual([])
  })
})

describe('TSL-N07: an anchor of the issuer’s state', () => {
  async function append(...facts: Fact[]) {
    const { now: clock, database, deps } = lists.gateway
    const ledger = ledgerStore(database)
    const change = { kind: 'anchor', actor: 'somebody', facts }
    const appended = await appendEntry({ clock, registryId: 'test', ledger }, change)
    expect(appended).toMatchObject({ ok: true })
    await deps.registry.refresh()
  }

  it('that is suspended vouches for no list from then on, not even a kept one', async () => {
    const { gateway, present, visited } = lists
    const second = await certifiedSigner('https://lists.example')
    const certificate = second.root.der
    const id = encodeBase64url(await sha256(decodeBase64(certificate) ?? ''))
    const target = { type: 'trust_anchor' as const, id }
    const effectiveFrom = lists.seconds()
    await append(
      {
        ...{ type: 'trust_anchor', id, entity: `${gateway.origin}/states/vn` },
        ...{ use: 'issuer_ca', certificate, validFrom: effectiveFrom },
      },
      { type: 'status', target, status: 'granted', effectiveFrom, reason: 'initial' },
    )
    await lists.serve(uri, {}, { by: second })
    const held = await lists.holderOf(uri)
    expect((await present(held)).status).toBe(200)
    const reason = 'security-incident'
    await append({ type: 'status', target, status: 'suspended', effectiveFrom, reason })
    expect((await present(held)).failed).toEqual(['status.list'])
    expect(visited).toEqual([uri])
  })
})
