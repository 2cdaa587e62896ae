import { encodeBase64url } from '../../src/credential/base64url.ts'
import { createForger } from '../support/forgery.ts'
import {
  isWithin,
  kinds,
  type Mutation,
  mutate,
  type Parts,
  rebound,
  takeApart,
} from '../support/mutations.ts'
import type { Draw, Target } from './target.ts'
import { challenge, holder, stranger, type World } from './world.ts'

const utf8 = new TextEncoder()
const rebinds = ['kept', 'stranger', 'holder'] as const

/** SD-JWT VCs, as whoever holds one may bend it, and as its own issuer may. */
export async function sdJwtVcTargets({ gateway, judge }: World): Promise<Target[]> {
  const forger = await createForger(gateway, holder)
  const bound = { nonce: challenge.nonce, client_id: challenge.audience }
  const honest = await forger.bind(await forger.sdJwt(), bound)
  const somebody = await createForger(gateway, stranger)
  const other = takeApart(await somebody.bind(await somebody.sdJwt(), bound))
  const { credentials } = await judge(honest)
  const original = credentials?.presentation?.[0]?.claims
  if (!original) throw new Error('the seed of the fuzzer is refused')

  const mutated = async (input: string, draw: Draw, rebind: Mutation['rebind']) => {
    const change = { ...draw, kind: kinds[draw.kind % kinds.length] ?? '', rebind }
    const sign = { stranger: stranger.sign, holder: holder.sign }
    return (await mutate(input, change, { other, sign })) ?? input
  }
  /** The issuer signs whatever it has become, and the holder binds it. */
  async function signedAnew(input: string): Promise<string> {
    const parts: Parts = takeApart(input)
    const [header = '', payload = ''] = parts.issuer
    const signature = await forger.vietnam.sign(utf8.encode(`${header}.${payload}`))
    const issuer = [header, payload, encodeBase64url(signature)]
    return rebound({ ...parts, issuer }, holder.sign)
  }

  return [
    {
      name: 'sd-jwt-vc',
      seeds: [honest],
      mutate: (input, draw) => mutated(input, draw, rebinds[draw.value % 3] ?? 'kept'),
      judge,
      isGenuine: ({ presentation = [] }) => isWithin(presentation[0]?.claims, original),
    },
    {
      name: 'sd-jwt-vc-of-a-hostile-issuer',
      seeds: [honest],
      mutate: async (input, draw) => signedAnew(await mutated(input, draw, 'kept')),
      judge,
      isGenuine: () => true,
    },
  ]
}
