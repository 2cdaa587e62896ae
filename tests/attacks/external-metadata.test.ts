import { beforeAll, expect, it } from 'vitest'
import { createForger, expectRefused, expectVerified, type Forger } from '../support/forgery.ts'
import { origin, testGateway } from '../support/gateway.ts'

// Whatever a credential points at, nobody goes there: not for its issuer's key, not for its type.

let forger: Forger
let visited: string[]
beforeAll(async () => {
  visited = []
  const connect = (url: URL): never => {
    visited.push(url.href)
    throw new Error('the network is off')
  }
  forger = await createForger(await testGateway({}, { connect }))
})

it.each<[string, string, string[]]>([
  ['plain http', 'http://issuer.example/vn', ['credential.claims', 'credential.issuer']],
  [
    'http on a host of its own',
    'http://localhost.attacker.example',
    ['credential.claims', 'credential.issuer'],
  ],
  ['a query', `${origin}/issuers/vn?x=1`, ['credential.claims']],
  ['a fragment', `${origin}/issuers/vn#x`, ['credential.claims']],
  ['an empty query', `${origin}/issuers/vn?`, ['credential.claims']],
  ['credentials', 'https://user:secret@localhost:8787/issuers/vn', ['credential.claims']],
  ['this very machine', 'https://127.0.0.1/issuers/vn', ['credential.claims', 'credential.issuer']],
  ['this machine in six', 'https://[::1]/issuers/vn', ['credential.claims', 'credential.issuer']],
  ['this machine as a number', 'https://2130706433/', ['credential.claims', 'credential.issuer']],
  [
    'the metadata of a cloud',
    'https://169.254.169.254/latest',
    ['credential.claims', 'credential.issuer'],
  ],
  ['a private network', 'https://10.0.0.1/issuers/vn', ['credential.claims', 'credential.issuer']],
  ['a file', 'file:///etc/passwd', ['credential.issuer']],
  ['no URL', 'issuers/vn', ['credential.claims', 'credential.issuer']],
])('an issuer whose iss is %s is refused (VC-N07)', async (_, iss, checks) => {
  expectRefused(await forger.attack({ claims: { iss } }), ...checks)
  expect(visited).toEqual([])
})

it.each<[string, Record<string, unknown>]>([
  ['its metadata', { kid: 'issuer-vn' }],
  ['its key set', { jku: `${origin}/issuers/vn/jwks`, kid: 'issuer-vn' }],
  ['its certificates', { x5u: 'https://attacker.example/chain.pem' }],
])(
  'an issuer’s key is looked for in no place on the web: %s (VC-N08, HAIP-N02)',
  async (_, header) => {
    const outcome = await forger.attack({ header: { x5c: undefined, ...header } })
    expectRefused(outcome, 'credential.header')
    expect(visited).toEqual([])
  },
)

it.each<[string, Record<string, unknown>]>([
  ['vct#integrity', { 'vct#integrity': 'sha256-AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA' }],
  ['extends that goes in a circle', { extends: 'urn:gerbang:pid:1' }],
  [
    'extends to elsewhere',
    { extends: 'https://types.example/pid', 'extends#integrity': 'sha256-A' },
  ],
])('type metadata are neither fetched nor believed: %s (VC-N10)', async (_, claims) => {
  const outcome = await forger.attack({ claims })
  expectVerified(outcome)
  const released = outcome.result.credentials?.['pid-sd-jwt']?.[0]?.claims ?? {}
  expect(Object.keys(released).toSorted()).toEqual(['birthdate', 'name', 'nationalities'])
  expect(visited).toEqual([])
})

it('nor do those that come in the header (VC-N10)', async () => {
  const vctm = ['eyJ2Y3QiOiJ1cm46Z2VyYmFuZzpwaWQ6MSIsImV4dGVuZHMiOiJ1cm46Z2VyYmFuZzpwaWQ6MSJ9']
  expectVerified(await forger.attack({ header: { vctm } }))
  expect(visited).toEqual([])
})

it('and a type that is a URL is a name (VC-N10)', async () => {
  const { status } = await forger.attack({ claims: { vct: 'https://types.example/pid' } })
  expect(status).toBe(400)
  expect(visited).toEqual([])
})
