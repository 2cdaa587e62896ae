import 'reflect-metadata'
import { ExtendedKeyUsage } from '@peculiar/x509'
import { beforeAll, describe, expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import { prepareSdJwtVc, signSdJwtVc, verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import {
  packStatuses,
  signStatusListToken,
  verifyStatusListToken,
} from '../../src/credential/status-list.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { systemRandom } from '../../src/platform/random.ts'
import { exampleAuthority, signer, signWith } from '../support/certificates.ts'

// All of these stand below the genuine anchor of Viet Nam, under the very name of its issuer.

const at = new Date('2026-11-21T10:34:56Z')
const issuer = 'http://localhost:8787/issuers/vn'
const anchors = [{ id: 'vn', certificate: exampleKeys.anchors['issuer-vn'] ?? '' }]
const ring = jwkKeyRing(exampleKeys, cryptography())

type Signer = {
  kid: string
  x5c: string[]
  sign: (bytes: Uint8Array) => Promise<Uint8Array<ArrayBuffer>>
}

function ours(purpose: string): Signer {
  const [{ kid, x5c = [] }] = ring.publicKeys(purpose)
  return { kid, x5c: [...x5c], sign: (bytes) => ring.sign(purpose, bytes) }
}

/** A certificate of the state's own CA, for what its extended key usage says. */
async function certifiedFor(extendedUsage?: string[]): Promise<Signer> {
  const by = await exampleAuthority('ca:issuer-vn')
  const names = [
    { type: 'url' as const, value: issuer },
    { type: 'dns' as const, value: 'localhost' },
  ]
  const leaf = await signer('www.vn.example', {
    by,
    names,
    ...(extendedUsage && { extendedUsage }),
  })
  return { kid: 'www', x5c: [leaf.der, by.der], sign: signWith(leaf.keys) }
}

async function pidBy({ kid, x5c, sign }: Signer): Promise<string[]> {
  const exp = at.getTime() / 1000 + 3600
  const draft = {
    header: { kid, x5c },
    visible: { iss: issuer, vct: 'urn:gerbang:pid:1', exp },
    selective: { name: 'Nobody' },
    decoys: 0,
  }
  const pid = await signSdJwtVc(await prepareSdJwtVc(draft, systemRandom), sign)
  const { findings } = await verifySdJwtVc(pid, { at, anchors, keyBinding: 'none' })
  return findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
}

async function statusListBy(by: Signer): Promise<true | string> {
  const uri = 'http://localhost:8787/status-lists/1'
  const list = { uri, bits: 1 as const, list: packStatuses(8, 1, []), issuedAt: at, ttl: 300 }
  const expiresAt = new Date(at.getTime() + 3_600_000)
  const token = await signStatusListToken({ ...list, expiresAt }, by, by.sign)
  const verified = await verifyStatusListToken(token, { uri, at, anchors })
  return verified.ok || verified.error
}

let tls: Signer
beforeAll(async () => {
  tls = await certifiedFor([ExtendedKeyUsage.serverAuth])
})

describe('a credential is refused', () => {
  it("by the key of the same state's status list", async () => {
    expect(await pidBy(ours('credential:vn'))).toEqual([])
    expect(await pidBy(ours('status-list:vn'))).toEqual(['credential.chain'])
  })

  it('by a TLS certificate of the same authority', async () => {
    expect(await pidBy(await certifiedFor())).toEqual([])
    expect(await pidBy(tls)).toEqual(['credential.chain'])
  })
})

describe('a status list is refused', () => {
  it('by the key of the credentials that it speaks of', async () => {
    expect(await statusListBy(ours('status-list:vn'))).toBe(true)
    expect(await statusListBy(ours('credential:vn'))).toMatch(/for other purposes/)
  })

  it('by a TLS certificate of the same authority', async () => {
    expect(await statusListBy(await certifiedFor())).toBe(true)
    expect(await statusListBy(tls)).toMatch(/for other purposes/)
  })
})
