import type { RequestHandle } from './transaction.ts'

/** The addresses of a transaction on the wallet's side; a wallet is told them and guesses none. */
const addressOf = (leaf: string) => (origin: string, handle: RequestHandle) =>
  `${origin}/presentations/${handle}/${leaf}`

export const requestUri = addressOf('request')
export const responseUri = addressOf('response')
export const qrSvgUrl = addressOf('qr.svg')
