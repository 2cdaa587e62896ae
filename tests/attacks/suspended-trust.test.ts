import { beforeEach, expect, it } from 'vitest'
import { x509Hash } from '../../src/credential/x509.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import type { StatusEvent } from '../../src/trust/facts.ts'
import { failed, origin, type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeEach(async () => {
  gateway = await testGateway()
})

const { anchors } = exampleKeys as { anchors: Record<string, string> }
const anchor = () => x509Hash(anchors['issuer-vn'] ?? '')

it.each<[string, () => Promise<StatusEvent['target']>, string, RegExp]>([
  [
    'the anchor of its state',
    async () => ({ type: 'trust_anchor', id: await anchor() }),
    'trust.anchor',
    /The anchor of VN is suspended/,
  ],
  [
    'the authority of its state',
    async () => ({ type: 'entity', id: `${origin}/states/vn` }),
    'trust.anchor',
    /The authority of VN is suspended/,
  ],
  [
    'its issuer',
    async () => ({ type: 'entity', id: `${origin}/issuers/vn` }),
    'trust.issuer',
    /The issuer is suspended/,
  ],
  [
    'the recognition',
    async () => ({ type: 'recognition', id: 'sg-vn' }),
    'trust.recognition',
    /sg-vn of VN by SG is suspended/,
  ],
])('a credential is refused at once when %s is suspended, and told why', async (...row) => {
  const [, target, check, why] = row
  const wallet = await gateway.citizen('vn-nguyen-thi-an')
  const before = await gateway.ask()
  expect(await wallet.present(before.authorization_request)).toMatchObject({ status: 200 })
  const after = await gateway.ask()
  await gateway.suspend(await target())
  expect(await wallet.present(after.authorization_request)).toMatchObject({ status: 400 })
  const result = await after.read()
  expect(result).toMatchObject({ status: 'refused', credentials: null })
  expect(failed(result)).toContain(check)
  expect(result.report?.checks.find(({ id }) => id === check)?.detail).toMatch(why)
})
