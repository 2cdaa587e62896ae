import { exampleKeys } from '../../src/example-keys.ts'
import type { Question } from '../../src/presentation/judge-presentation.ts'
import { judgePresented } from '../../src/presentation/judge-response.ts'
import { ok } from '../../src/result.ts'
import type { HolderKey } from '../../src/wallet/holder-key.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'
import { signer } from '../wallet/parties.ts'
import type { Outcome } from './target.ts'

/** What every input is an answer to. It never changes, so that an input that was kept stays one. */
export const challenge = { nonce: 'a-nonce-of-the-fuzzer', audience: 'x509_hash:of-the-fuzzer' }

/** A holder whose key is the same in every run: an example key of another purpose. */
export const holder = exampleHolder('credential:jp')
/** Somebody who is not the holder. */
export const stranger = exampleHolder('credential:la')

function exampleHolder(purpose: string): HolderKey {
  const jwk = exampleKeys.keys.find((key) => key.purpose === purpose)
  const { x = '', y = '' } = jwk ?? {}
  return { publicJwk: { kty: 'EC', crv: 'P-256', x, y }, sign: signer(purpose).sign }
}

export type World = {
  gateway: TestGateway
  /** The whole verdict on one presentation, by the functions behind `/v1/verify`. */
  judge(presentation: string, more?: Partial<Question>): Promise<Outcome>
}

export async function createWorld(): Promise<World> {
  const gateway = await testGateway({ LOG_LEVEL: 'error' })
  const { deps } = gateway
  const question = {
    ...challenge,
    relyingParty: `${gateway.origin}/relying-parties/bank-sg`,
    purpose: 'bank-kyc',
    at: gateway.now(),
  }
  return {
    gateway,
    async judge(presentation, more = {}) {
      const snapshot = await deps.snapshot()
      if (!snapshot.ok) throw new Error(snapshot.error.detail)
      const presented = ok([{ queryId: 'presentation', presentation }])
      const asked = { ...question, ...more }
      const verdict = await judgePresented(deps, asked, snapshot.value, presented)
      const credentials = verdict.outcome === 'verified' ? verdict.credentials : null
      return {
        checks: verdict.report.checks,
        credentials: credentials as Outcome['credentials'],
      }
    },
  }
}
