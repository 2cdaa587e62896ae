import { it } from 'vitest'
import type { Lies } from '../../src/wallet/lies.ts'
import { expectRefused, sharedForger } from '../support/forgery.ts'
import { attack } from '../support/gateway.ts'

const shared = sharedForger()

it.each<[string, Lies, string[]]>([
  ['typ JWT', { kbTyp: 'JWT' }, []],
  ['typ dc+sd-jwt', { kbTyp: 'dc+sd-jwt' }, []],
  ['alg none', { kbAlg: 'none' }, ['key_binding.signature']],
  ['alg HS256', { kbAlg: 'HS256' }, ['key_binding.signature']],
])('another token cannot pass for key binding: %s (SDJ-N12, VER-10)', async (_, lies, more) => {
  expectRefused(await attack(shared.gateway, lies), 'key_binding.header', ...more)
})

it.each<[string, Record<string, unknown>, string[]]>([
  ['no typ', { typ: undefined }, []],
  ['typ in capitals', { typ: 'KB+JWT' }, []],
  ['typ as a whole media type', { typ: 'application/kb+jwt' }, []],
  ['typ of a key proof', { typ: 'openid4vci-proof+jwt' }, []],
  ['a list of typ', { typ: ['kb+jwt'] }, []],
  ['no alg', { alg: undefined }, ['key_binding.signature']],
  ['alg ES384', { alg: 'ES384' }, ['key_binding.signature']],
])('its header says what it is: %s (SDJ-N12)', async (_, header, more) => {
  const outcome = await shared.forger.attack({}, { binding: { header } })
  expectRefused(outcome, 'key_binding.header', ...more)
})

it('and nothing that changes how it is to be read (SDJ-N12)', async () => {
  const outcome = await shared.forger.attack({}, { binding: { header: { crit: ['exp'] } } })
  expectRefused(outcome, 'key_binding.present')
})
