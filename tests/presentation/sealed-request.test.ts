import { expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { findOpen } from '../../src/presentation/find-open.ts'
import { openRequest, sealRequest } from '../../src/presentation/sealed-request.ts'
import { verifier } from '../support/presentation.ts'

const request = {
  query: {
    credentials: [{ id: 'a', format: 'dc+sd-jwt', meta: { vct_values: ['t'] } }],
  },
  issuers: ['VN'],
  transactionData: ['e30'],
  authorizationRequest: 'openid4vp://?',
}
const keys = jwkKeyRing(exampleKeys, cryptography())
const others = jwkKeyRing(
  {
    keys: exampleKeys.keys.map((key) =>
      key.purpose === 'secrets' ? { ...key, k: 'A'.repeat(43) } : key,
    ),
  },
  cryptography(),
)

it('a request opens with its own secret and ours, and with nothing else', async () => {
  const sealedRequest = await sealRequest(keys, 'secret', request)
  expect(await openRequest(keys, { encryptionSecret: 'secret', sealedRequest })).toEqual(request)
  expect(await openRequest(keys, { encryptionSecret: 'another', sealedRequest })).toBeUndefined()
  expect(await openRequest(others, { encryptionSecret: 'secret', sealedRequest })).toBeUndefined()
})

it('says of what is asked only that it is there', async () => {
  const sealed = await sealRequest(keys, 'secret', request)
  expect(sealed).toMatch(/^[\w-]+\.\.[\w-]+\.[\w-]+\.[\w-]+$/)
})

it('a transaction is over when our secret has been replaced', async () => {
  const gateway = await verifier()
  const { requestUri } = await gateway.start()
  const handle = requestUri.split('/').at(-2) ?? ''
  const now = gateway.world.now
  expect(await findOpen(gateway.deps, handle, now)).toMatchObject({ ok: true })
  expect(await findOpen({ ...gateway.deps, keys: others }, handle, now)).toMatchObject({
    ok: false,
    error: { code: 'transaction_expired' },
  })
})
