import { it } from 'vitest'
import { expectRefused, sharedForger } from '../support/forgery.ts'

const shared = sharedForger()

// Each is bound as it stands, so that nothing but the separators is wrong.
it.each<[string, (sdJwt: string) => string]>([
  ['white space between two tildes', (text) => text.replace('~', '~ ~')],
  ['nothing between two tildes', (text) => text.replace('~', '~~')],
  ['nothing before the last tilde', (text) => `${text}~`],
  ['a space before a tilde', (text) => text.replace('~', ' ~')],
  ['a line break', (text) => text.replace('~', '~\n')],
  ['a full stop among the disclosures', (text) => text.replace('~', '~a.b~')],
  ['nothing before the first tilde', (text) => text.slice(text.indexOf('~'))],
  ['a space in front of all', (text) => ` ${text}`],
])('the parts are divided by one tilde each: %s (SDJ-N17)', async (_, change) => {
  const outcome = await shared.forger.present(change(await shared.forger.sdJwt()))
  expectRefused(outcome, 'credential.format')
})

it('without any tilde it is no SD-JWT (SDJ-N17)', async () => {
  const alter = (presentation: string) => presentation.slice(0, presentation.indexOf('~'))
  expectRefused(
    await shared.forger.present(await shared.forger.sdJwt(), { alter }),
    'credential.format',
  )
})

it('the JSON serialisation of a JWS is not what was asked for (SDJ-N17)', async () => {
  const alter = (presentation: string) => {
    const [jwt = '', ...disclosures] = presentation.split('~')
    const kb_jwt = disclosures.pop()
    const [header, payload, signature] = jwt.split('.')
    return JSON.stringify({
      protected: header,
      payload,
      signature,
      header: { disclosures, kb_jwt },
    })
  }
  expectRefused(
    await shared.forger.present(await shared.forger.sdJwt(), { alter }),
    'credential.format',
  )
})
