import { describe, expect, it } from 'vitest'
import { verifySdJwtVc } from '../../src/credential/sd-jwt-vc.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { expectRefused, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

it('a presentation without key binding is refused (SDJ-N11, VP-N05, VER-10)', async () => {
  expectRefused(await attack(shared.gateway, { dropKeyBinding: true }), 'key_binding.present')
})

it.each<[string, (presentation: string) => string]>([
  ['no JWT', (p) => `${p.slice(0, p.lastIndexOf('~') + 1)}not-a-jwt`],
  ['a JWT without signature', (p) => p.slice(0, p.lastIndexOf('.'))],
  ['a JWT of four parts', (p) => `${p}.AAAA`],
  ['white space', (p) => `${p.slice(0, p.lastIndexOf('~') + 1)} `],
])('what follows the last tilde is a key binding JWT: %s (SDJ-N11, VP-N05)', async (_, alter) => {
  const outcome = await shared.forger.present(await shared.forger.sdJwt(), { alter })
  expectRefused(outcome, 'key_binding.present')
})

it('the request cannot do without key binding (VP-N05)', async () => {
  const query = {
    id: 'pid',
    format: 'dc+sd-jwt',
    meta: { vct_values: ['urn:gerbang:pid:1'] },
    claims: [{ path: ['name'] }],
    require_cryptographic_holder_binding: false,
  }
  const body = { purpose: 'bank-kyc', dcql_query: { credentials: [query] } }
  const key = await shared.gateway.keyOf('bank-sg')
  expect(await shared.gateway.post('/v1/presentations', body, key)).toMatchObject({
    status: 400,
    body: { code: 'option_unavailable' },
  })
})

describe('where none is asked for, as when a credential is issued', () => {
  const anchors = [{ id: 'vn', certificate: exampleKeys.anchors['issuer-vn'] ?? '' }]
  const faults = async (text: string) => {
    const policy = { at: shared.gateway.now(), anchors, keyBinding: 'none' as const }
    const { findings } = await verifySdJwtVc(text, policy)
    return findings.filter(({ outcome }) => outcome === 'fail').map(({ check }) => check)
  }

  it('a key binding that is appended is refused (SDJ-N11)', async () => {
    const sdJwt = await shared.forger.sdJwt()
    expect(await faults(sdJwt)).toEqual([])
    expect(await faults(await shared.forger.bind(sdJwt, { nonce: 'n', client_id: 'c' }))).toEqual([
      'key_binding.present',
    ])
  })

  it('and so is a credential without its last tilde (SDJ-N17)', async () => {
    const sdJwt = await shared.forger.sdJwt()
    expect(await faults(sdJwt.slice(0, -1))).toEqual(['key_binding.present'])
    const [jwt = ''] = sdJwt.split('~')
    expect(await faults(jwt)).toEqual(['credential.format'])
    expect(await faults(`${jwt}~`)).toEqual([])
  })
})
