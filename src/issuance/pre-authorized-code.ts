import type { Refusal } from '../errors.ts'
import { ok, type Result, refuse } from '../result.ts'
import { type Grant, openGrant } from './grant.ts'
import type { Issuer } from './issuer.ts'
import { hashOfSecret, hashOfTxCode } from './secret.ts'

type Sought = { issuer: string; codeHash: string; now: Date }

export type CodeStore = {
  /** What a code stands for, and whether it asks for a transaction code, while it can be redeemed. */
  findByCode(code: Sought): Promise<{ sealedGrant: string; asksForTxCode: boolean } | undefined>
  /** Spends a code, or counts a wrong guess of its transaction code: the check is the write. */
  redeem(
    code: Sought & { txCodeHash: string | undefined },
  ): Promise<'redeemed' | 'unknown' | 'tx_code_wrong'>
}

type CodeDeps = { offers: CodeStore }

/** A pre-authorized code as a token request brings it (OpenID4VCI 1.0 6.1). */
export type PresentedCode = { code: string; txCode: string | undefined }

/** What a code opens. It is not spent yet: a request that is refused for it can be mended. */
export async function readCode(
  { offers }: CodeDeps,
  issuer: Issuer,
  { code, txCode }: PresentedCode,
  now: Date,
): Promise<
  Result<Grant, Refusal<'code_not_redeemable' | 'tx_code_missing' | 'tx_code_unexpected'>>
> {
  const codeHash = await hashOfSecret(code)
  const found = await offers.findByCode({ issuer: issuer.cc, codeHash, now })
  if (!found) return notRedeemable
  if (found.asksForTxCode && txCode === undefined) {
    return refuse({ code: 'tx_code_missing', detail: 'This offer asks for a tx_code. Send it.' })
  }
  if (!found.asksForTxCode && txCode !== undefined) {
    const detail = 'This offer asks for no tx_code. Send none.'
    return refuse({ code: 'tx_code_unexpected', detail })
  }
  return ok(await openGrant(code, found.sealedGrant))
}

/** Spends a code that was read: of many at once, one succeeds. */
export async function redeemCode(
  { offers }: CodeDeps,
  issuer: Issuer,
  { code, txCode }: PresentedCode,
  now: Date,
): Promise<Result<void, Refusal<'code_not_redeemable' | 'tx_code_wrong'>>> {
  const redeemed = await offers.redeem({
    issuer: issuer.cc,
    codeHash: await hashOfSecret(code),
    txCodeHash: txCode === undefined ? undefined : await hashOfTxCode(code, txCode),
    now,
  })
  if (redeemed === 'redeemed') return ok(undefined)
  if (redeemed === 'unknown') return notRedeemable
  const detail = 'The tx_code is wrong. After five wrong ones the offer is dead.'
  return refuse({ code: 'tx_code_wrong', detail })
}

const notRedeemable = refuse({
  code: 'code_not_redeemable' as const,
  detail: 'The pre-authorized code is unknown, expired, used, or dead. Ask for a new offer.',
})
