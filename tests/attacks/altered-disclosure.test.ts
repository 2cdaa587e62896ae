import { it } from 'vitest'
import { disclosure, expectRefused, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'
import { encode } from '../support/raw-jws.ts'
import { disclosedIn } from '../wallet/parties.ts'

const shared = sharedForger()

it('what the issuer did not sign is refused: another value in a wallet (SDJ-N03)', async () => {
  expectRefused(await attack(shared.gateway, { alterDisclosure: true }), 'credential.disclosures')
})

it.each<[string, (honest: string) => string | Promise<string>]>([
  ['another value', async () => (await disclosure('name', 'Somebody Else')).text],
  [
    'the same claim under another salt',
    async () => (await disclosure('name', 'Nguyễn Thị An')).text,
  ],
  ['another name', async () => (await disclosure('family_name', 'Nguyễn Thị An')).text],
  [
    'the same JSON with a space in it',
    (honest) => {
      const [, ...claim] = ['', ...(disclosedIn(`~${honest}~`)[0] as unknown[])]
      return encode(JSON.stringify(['salt', ...claim]).replace(',', ', '))
    },
  ],
])('what the issuer did not sign is refused: %s (SDJ-N03)', async (_, change) => {
  const [jwt = '', name = '', ...rest] = (await shared.forger.sdJwt()).split('~')
  const sdJwt = [jwt, await change(name), ...rest].join('~')
  expectRefused(await shared.forger.present(sdJwt), 'credential.disclosures')
})
