import { beforeEach, describe, expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import {
  fetchRequestObject,
  type RequestObjectDeps,
} from '../../src/presentation/request-object.ts'
import { refuse } from '../../src/result.ts'
import { verifier } from '../support/presentation.ts'

let gateway: Awaited<ReturnType<typeof verifier>>
let handle: string
beforeEach(async () => {
  gateway = await verifier()
  const { requestUri } = await gateway.start()
  handle = /0r_[\w-]+/.exec(requestUri)?.[0] ?? ''
})

const fetched = (change: Partial<RequestObjectDeps> = {}) =>
  fetchRequestObject({ ...gateway.deps, ...change }, handle)

describe('a request object does not leave', () => {
  it('signed by another access key than the client_id names (VP-N12)', async () => {
    expect(await fetched()).toMatchObject({ ok: true })
    const [other] = exampleKeys.keys.filter(({ purpose }) => purpose === 'access:telco-my')
    if (!other) throw new Error('no such key')
    const replaced = exampleKeys.keys.map((key) =>
      key.purpose === 'access:bank-sg' ? { ...other, purpose: 'access:bank-sg' } : key,
    )
    const keys = jwkKeyRing(
      { keys: replaced.filter(({ purpose }) => purpose !== other.purpose) },
      cryptography(),
    )
    expect(await fetched({ keys })).toMatchObject({
      ok: false,
      error: { code: 'transaction_expired', detail: expect.stringMatching(/was replaced/) },
    })
  })

  it('when its relying party is no longer registered for the purpose', async () => {
    gateway.world.snapshot = { ...gateway.world.snapshot, permitted: () => undefined }
    expect(await fetched()).toMatchObject({ ok: false, error: { code: 'purpose_not_registered' } })
  })

  it('when it asks for more than is permitted by now', async () => {
    const permitted = () => [{ credentialType: 'urn:gerbang:pid:1', paths: [['name']] }]
    gateway.world.snapshot = { ...gateway.world.snapshot, permitted }
    expect(await fetched()).toMatchObject({ ok: false, error: { code: 'purpose_exceeded' } })
  })

  it('when nobody can say what is permitted', async () => {
    const unreachable = { code: 'registry_unreachable', detail: 'Try again later.' } as const
    expect(await fetched({ snapshot: async () => refuse(unreachable) })).toMatchObject({
      ok: false,
      error: { code: 'registry_unreachable' },
    })
  })
})
