import type { JsonWebKey } from 'node:crypto'
import type { EcPublicJwk } from '../../../src/credential/jwk.ts'
import { prepareSdJwtVc, signSdJwtVc } from '../../../src/credential/sd-jwt-vc.ts'
import { systemRandom } from '../../../src/platform/random.ts'
import { assert, freshKeyPair, importPrivate, issueSdJwtVc } from '../by-hand.ts'
import { issueWithJose } from '../peers/jose.ts'
import { sdJwtIssuer } from '../peers/sd-jwt.ts'
import { interleave } from '../rounds.ts'
import type { Extent, Row } from '../row.ts'
import { origin, world } from '../world.ts'

const selective = {
  name: 'Nguyễn Thị An',
  given_name: 'Thị An',
  family_name: 'Nguyễn',
  birthdate: '1990-02-03',
  sex: 2,
  nationalities: ['VN'],
  place_of_birth: 'Huế',
  email: 'an@example.vn',
  phone_number: '+84 90 000 00 00',
  personal_administrative_number: '001090000001',
  age_over_18: true,
  person_token: 'OCFJ6R9tw8lMKtFgBlPUr80rP0zv4uRtdz0kH3ZVTVY',
}

async function issuing(extent: Extent) {
  const { deps } = await world()
  const purpose = 'credential:vn'
  const [{ kid, x5c = [] }] = deps.keys.publicKeys(purpose)
  const stored = deps.config.keys.keys.find((key) => key.purpose === purpose)
  if (!stored) throw new Error('no key')
  const key = importPrivate(stored as JsonWebKey)
  const { d: _, ...jwk } = freshKeyPair()
  const now = Math.floor(Date.now() / 1000)
  const visible = {
    ...{ iss: `${origin}/issuers/vn`, vct: 'urn:gerbang:pid:1', iat: now, exp: now + 86_400 },
    cnf: { jwk: jwk as EcPublicJwk },
    status: { status_list: { idx: 7, uri: `${origin}/status-lists/1` } },
  }
  const header = { kid, x5c }
  const isWhole = (credential: string) =>
    assert(credential.split('~').length === 14 && credential.split('.').length === 3, 'all of it')
  const sdJwt = sdJwtIssuer(key)
  return interleave(extent, [
    {
      name: 'node:crypto',
      does: 'twelve salts of 128 bits, disclosures, SHA-256, sorted, JSON, ES256',
      once: () => isWhole(issueSdJwtVc(key, header, visible, selective)),
    },
    {
      name: 'gerbang',
      does: 'prepareSdJwtVc (every rule checked) and signSdJwtVc by the key ring; no decoys, as the others',
      async once() {
        const draft = { header, visible, selective, decoys: 0 }
        const prepared = await prepareSdJwtVc(draft, systemRandom)
        isWhole(await signSdJwtVc(prepared, (bytes) => deps.keys.sign(purpose, bytes)))
      },
    },
    {
      name: 'jose by hand',
      does: 'SignJWT; the rest as by hand',
      once: async () => isWhole(await issueWithJose(key, header, visible, selective)),
    },
    {
      name: '@sd-jwt',
      does: '@sd-jwt/sd-jwt-vc over node:crypto',
      once: async () => isWhole(await sdJwt(header, visible, selective)),
    },
  ])
}

export const issueRows: Row[] = [
  {
    id: 'issue',
    work: 'issue an SD-JWT VC with 12 claims',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.85, aim: 1.1 },
    measure: issuing,
  },
]
