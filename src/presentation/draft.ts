import type { KeyRing } from '../platform/keys.ts'
import type { Random } from '../platform/random.ts'
import type { AccessKey } from './access-key.ts'
import type { Asked } from './sealed-request.ts'
import type { OpenTransaction } from './transaction.ts'

/** A transaction that may be started, but for the way in which its wallet is called. */
export type Draft = {
  agreed: Pick<
    OpenTransaction,
    | ('id' | 'relyingParty' | 'purpose' | 'clientName' | 'nonce' | 'encryptionSecret')
    | ('redirectUri' | 'createdAt' | 'expiresAt')
  >
  asked: Asked
  /** With which the relying party signs. */
  access: AccessKey
}

export type DraftDeps = {
  random: Random
  keys: KeyRing
  origin: string
  env: 'sandbox' | 'production'
}
