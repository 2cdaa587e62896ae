import type { Result } from '../result.ts'
import type { Sign } from './jws.ts'
import type { TrustedCertificate } from './x509.ts'

export type StatusBits = 1 | 2 | 4 | 8

export function packStatuses(
  _size: number,
  _bits: StatusBits,
  _entries: Iterable<readonly [idx: number, value: number]>,
): Uint8Array<ArrayBuffer> {
  throw new Error('not built yet')
}
export function readStatus(_list: Uint8Array, _bits: StatusBits, _idx: number): number | undefined {
  throw new Error('not built yet')
}
export type StatusListDraft = {
  uri: string
  bits: StatusBits
  list: Uint8Array
  issuedAt: Date
  expiresAt: Date
  /** Seconds. */
  ttl: number
}
export async function signStatusListToken(
  _draft: StatusListDraft,
  _header: { kid: string; x5c: string[] },
  _sign: Sign,
): Promise<string> {
  throw new Error('not built yet')
}
export type StatusList = {
  bits: StatusBits
  list: Uint8Array<ArrayBuffer>
  anchor: string
  issuedAt: Date
  expiresAt?: Date
  /** Seconds. */
  ttl?: number
}
export async function verifyStatusListToken(
  _token: string,
  _policy: { uri: string; at: Date; anchors: readonly TrustedCertificate[]; maxBytes?: number },
): Promise<Result<StatusList, string>> {
  throw new Error('not built yet')
}
