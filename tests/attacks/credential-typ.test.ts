import { it } from 'vitest'
import { expectRefused, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

it.each<[string, unknown]>([
  ['no typ', undefined],
  ['JWT', 'JWT'],
  ['vc+sd-jwt, as it was once called', 'vc+sd-jwt'],
  ['the whole media type', 'application/dc+sd-jwt'],
  ['capitals', 'DC+SD-JWT'],
  ['the typ of a key binding', 'kb+jwt'],
  ['the typ of a status list', 'statuslist+jwt'],
  ['a list', ['dc+sd-jwt']],
])('a credential says that it is one: %s (VC-N01)', async (_, typ) => {
  expectRefused(await shared.forger.attack({ header: { typ } }), 'credential.header')
})
