import type { JsonGeneralNames } from '@peculiar/x509'
import { beforeAll, describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { cryptography } from '../src/credential/crypto.ts'
import { keyPurposeIds } from '../src/credential/key-purpose.ts'
import { exampleKeys } from '../src/example-keys.ts'
import { keyFaults } from '../src/key-faults.ts'
import { jwkKeyRing, type PurposeJwk } from '../src/platform/jwk-key-ring.ts'
import type { Snapshot } from '../src/trust/snapshot.ts'
import { authority, exampleAuthority, signer } from './support/certificates.ts'
import { sandboxSnapshot, start } from './support/presentation.ts'

let registry: Snapshot
beforeAll(async () => {
  registry = await sandboxSnapshot()
})

const config = readConfig({ PUBLIC_URL: 'http://localhost:8787' }, () => '')
const keyOf = (purpose: string) => {
  const found = exampleKeys.keys.find((key) => key.purpose === purpose)
  if (!found) throw new Error(`no key for ${purpose}`)
  return found
}

/** What a gateway finds that has another key, or other certificates, for one purpose. */
function faults(purpose: string, change: Partial<PurposeJwk>) {
  if (!config.ok) throw new Error(config.error.join())
  const keys = exampleKeys.keys.map((key) =>
    key.purpose === purpose ? { ...key, ...change } : key,
  )
  const changed = { ...config.value, keys: { keys, anchors: exampleKeys.anchors } }
  return keyFaults({ config: changed, keys: jwkKeyRing({ keys }, cryptography()) }, registry, start)
}

/** A key with a certificate of a tester's making. */
async function certified({ certificate, keys, der }: Awaited<ReturnType<typeof signer>>) {
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', keys.privateKey)
  return { ...({ kty, crv, x, y, d } as PurposeJwk), kid: certificate.serialNumber, x5c: [der] }
}

it('the example keys are believed', async () => {
  expect(await faults('receipt', {})).toEqual([])
})

describe.each(['access:bank-sg', 'registration'])(
  'VP-N12, HAIP-N01: a gateway does not start that would sign by %s',
  (purpose) => {
    it('with the trust anchor in x5c', async () => {
      const x5c = [...(keyOf(purpose).x5c ?? []), exampleKeys.anchors.reader ?? '']
      expect(await faults(purpose, { x5c })).toEqual([
        expect.stringMatching(/leave out the trust anchor/),
      ])
    })

    it('with a self-signed certificate', async () => {
      const self = await signer('Merlion Bank')
      expect(await faults(purpose, await certified(self))).toEqual([
        expect.stringMatching(/self-signed/),
      ])
    })

    it('with a certificate below an anchor that nobody knows', async () => {
      const stranger = await signer('Merlion Bank', { by: await authority('Stranger') })
      expect(await faults(purpose, await certified(stranger))).toEqual([
        expect.stringMatching(/is not believed by the registry/),
      ])
    })

    it('with a certificate that is for something else', async () => {
      const { x5c = [] } = keyOf('status-list:vn')
      expect(await faults(purpose, { x5c })).toHaveLength(1)
    })

    it('with the certificate of another key', async () => {
      const other = keyOf(purpose === 'registration' ? 'access:bank-sg' : 'access:telco-my')
      expect(await faults(purpose, { x5c: other.x5c ?? [] })).toHaveLength(1)
    })

    it('without a certificate', async () => {
      expect(await faults(purpose, { x5c: undefined as never })).toEqual([
        expect.stringMatching(/one to five certificates/),
      ])
    })
  },
)

describe('a gateway does not start that would sign mdocs', () => {
  it('by the certificate for SD-JWT VCs', async () => {
    const { x5c = [] } = keyOf('credential:vn')
    expect(await faults('document:vn', { x5c })).toEqual([
      expect.stringMatching(/document:vn is not believed.*must name 1\.0\.18013\.5\.1\.2/),
    ])
  })

  it('in the name of another issuer, although at the same host', async () => {
    const names = (cc: string): JsonGeneralNames => [
      { type: 'dns', value: 'localhost' },
      { type: 'url', value: `http://localhost:8787/issuers/${cc}` },
    ]
    const by = await exampleAuthority('ca:issuer-vn')
    const found = async (cc: string) => {
      const extendedUsage = [keyPurposeIds.mdoc]
      const signedBy = await signer('Document signer', { by, names: names(cc), extendedUsage })
      const { x5c = [], ...key } = await certified(signedBy)
      return faults('document:vn', { ...key, x5c: [...x5c, by.der], purpose: 'document:vn' })
    }
    expect(await found('vn')).toEqual([])
    expect(await found('th')).toEqual([
      expect.stringMatching(/the certificate of document:vn does not name .*vn/),
    ])
  })
})
