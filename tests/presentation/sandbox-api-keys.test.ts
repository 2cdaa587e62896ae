import { expect, it } from 'vitest'
import { cryptography } from '../../src/credential/crypto.ts'
import { exampleKeys } from '../../src/example-keys.ts'
import { jwkKeyRing } from '../../src/platform/jwk-key-ring.ts'
import { hashOfApiKey, type RelyingPartyKey } from '../../src/presentation/relying-party-keys.ts'
import { ensureSandboxApiKeys, sandboxApiKey } from '../../src/presentation/sandbox-api-keys.ts'

const keys = jwkKeyRing(exampleKeys, cryptography())
const createdAt = new Date('2026-11-21T10:00:00Z')
const relyingParty = 'http://localhost:8787/relying-parties/bank-sg'

it('an API key of the sandbox is the same each time, and another for each', async () => {
  const bank = await sandboxApiKey(keys, 'bank-sg')
  expect(bank).toMatch(/^[\w-]{43}$/)
  expect(await sandboxApiKey(keys, 'bank-sg')).toBe(bank)
  expect(await sandboxApiKey(keys, 'telco-my')).not.toBe(bank)
})

it('a relying party is let in by the key of its short id', async () => {
  const kept: RelyingPartyKey[] = []
  const relyingPartyKeys = { add: async (key: RelyingPartyKey) => void kept.push(key) }
  await ensureSandboxApiKeys({ clock: () => createdAt, keys, relyingPartyKeys }, [relyingParty])
  const keyHash = await hashOfApiKey(await sandboxApiKey(keys, 'bank-sg'))
  expect(kept).toEqual([{ keyHash, relyingParty, publicJwk: expect.anything(), createdAt }])
})
