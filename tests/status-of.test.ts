import { beforeAll, describe, expect, it } from 'vitest'
import { type TestGateway, testGateway } from './support/gateway.ts'

let gateway: TestGateway
let reference: { uri: string; idx: number }
beforeAll(async () => {
  gateway = await testGateway()
  const wallet = await gateway.citizen('sg-lim-hui-min')
  reference = JSON.parse(JSON.stringify(wallet.credentials()[0]?.claims.status)).status_list
})

const ask = ({ uri, idx } = reference, issuer = `${gateway.origin}/issuers/sg`) =>
  gateway.deps.statusOf({ uri, idx }, issuer, gateway.now())

describe('the status of a credential of ours', () => {
  it('is known without a fetch', async () => {
    expect(await ask()).toEqual({ ok: true, value: 'valid' })
  })

  it('TSL-N07: is not another issuer’s to point at', async () => {
    const error = 'The status list has no such entry of this issuer.'
    for (const issuer of [`${gateway.origin}/issuers/vn`, 'https://elsewhere.example']) {
      expect(await ask(reference, issuer)).toEqual({ ok: false, error })
    }
  })

  it('is not known at an index that nobody has', async () => {
    const { uri, idx } = reference
    expect(await ask({ uri, idx: (idx + 1) % 2 ** 20 })).toMatchObject({ ok: false })
    expect(await ask({ uri: `${uri}x`, idx })).toMatchObject({ ok: false })
  })
})
