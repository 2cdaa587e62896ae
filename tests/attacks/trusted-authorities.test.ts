import 'reflect-metadata'
import { beforeAll, expect, it } from 'vitest'
import { authorityKeyIds } from '../../src/credential/x509.ts'
import {
  authority,
  signer as certify,
  exampleAuthority,
  type Party,
  signWith,
} from '../support/certificates.ts'
import { createForger, expectRefused, expectVerified, type Forger } from '../support/forgery.ts'
import { failed, kyc, origin, testGateway } from '../support/gateway.ts'
import { signer } from '../wallet/parties.ts'

let forger: Forger
let state: Party
beforeAll(async () => {
  forger = await createForger(await testGateway())
  state = await exampleAuthority('ca:issuer-vn')
})

const aki = (purpose: string) => authorityKeyIds(signer(purpose).x5c)
const asking = (values: string[]) => ({
  ask: {
    purpose: 'bank-kyc',
    dcql_query: {
      credentials: [
        {
          id: 'pid',
          format: 'dc+sd-jwt',
          meta: { vct_values: ['urn:gerbang:pid:1'] },
          trusted_authorities: [{ type: 'aki', values }],
          claims: [{ path: ['name'] }],
        },
      ],
    },
  },
})

it('any authority of the chain will do', async () => {
  const [nearest = '', furthest = ''] = aki('credential:vn')
  expectVerified(await forger.attack({}, asking([nearest])))
  expectVerified(await forger.attack({}, asking([furthest, ...aki('credential:th')])))
})

it('a chain without an authority that was asked for is refused (VP-N11)', async () => {
  const outcome = await forger.attack({}, asking(aki('credential:th')))
  expectRefused(outcome, 'query.authorities')
})

it('a chain of somebody else’s is refused, though its key identifiers are those asked for (VP-N11)', async () => {
  const twin = await authority('Twin of the state', { authorityKey: state.keys.publicKey })
  const leaf = await certify('Signer', {
    by: twin,
    authorityKey: state.keys.publicKey,
    names: [{ type: 'url', value: `${origin}/issuers/vn` }],
  })
  const x5c = [leaf.der]
  expect(aki('credential:vn')).toEqual(expect.arrayContaining(authorityKeyIds(x5c)))
  const by = { x5c, sign: signWith(leaf.keys) }
  expectRefused(await forger.attack({ by }, asking(aki('credential:vn'))), 'credential.chain')
})

it('a state that was not asked for is refused, whatever the wallet was told (VP-N11)', async () => {
  const outcome = await forger.attack({}, { ask: { ...kyc, issuers: ['th'] } })
  expect(outcome.status).toBe(400)
  expect(failed(outcome.result)).toEqual(['query.authorities', 'query.issuers'])
})

it('an authority that calls its key by the name of another state’s anchor does not become it (VP-N11)', async () => {
  const { publicKey: subjectKey } = (await exampleAuthority('ca:issuer-sg:root')).keys
  const twin = await authority('Twin of another state', {
    by: await exampleAuthority('ca:issuer-vn:root'),
    subjectKey,
  })
  const leaf = await certify('Signer', {
    by: twin,
    authorityKey: subjectKey,
    names: [{ type: 'url', value: `${origin}/issuers/vn` }],
  })
  const x5c = [leaf.der, twin.der]
  const ofSingapore = aki('credential:sg').filter((id) => authorityKeyIds(x5c).includes(id))
  expect(ofSingapore).toHaveLength(1)
  const by = { x5c, sign: signWith(leaf.keys) }
  expectRefused(await forger.attack({ by }, asking(ofSingapore)), 'query.authorities')
  expectVerified(await forger.attack({ by }, asking(aki('credential:vn'))))
})
