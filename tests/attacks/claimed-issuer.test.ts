import { it } from 'vitest'
import { expectRefused, expectVerified, sharedForger } from '../support/forgery.ts'
import { origin } from '../support/gateway.ts'

const shared = sharedForger()

it('iss may be absent: the certificate says who it is', async () => {
  expectVerified(await shared.forger.attack({ claims: { iss: undefined } }))
})

it.each<[string, string]>([
  ['another state', `${origin}/issuers/la`],
  ['its own with a slash more', `${origin}/issuers/vn/`],
  ['its own in capitals', `${origin}/issuers/VN`],
  ['a path below it', `${origin}/issuers/vn/agency`],
  ['the gateway itself', origin],
])('who signs is who is named: %s (VC-N06)', async (_, iss) => {
  expectRefused(await shared.forger.attack({ claims: { iss } }), 'trust.issuer')
})

it.each<[string, string]>([
  ['another host', 'https://issuer.example/vn'],
  ['a host that only begins alike', 'https://localhost.attacker.example:8787/issuers/vn'],
  ['a URN', 'urn:gerbang:issuer:vn'],
  ['a DID', 'did:web:localhost%3A8787'],
])('and is named by its certificate: %s (VC-N06)', async (_, iss) => {
  expectRefused(await shared.forger.attack({ claims: { iss } }), 'credential.issuer')
})
