import 'reflect-metadata'
import type { X509Certificate } from '@peculiar/x509'
import type { Result } from '../result.ts'

/** A trust anchor as the snapshot holds it; `certificate` is base64 DER. */
export type TrustedCertificate = { id: string; certificate: string }

export type Chain = { leaf: X509Certificate; leafKey: CryptoKey; anchor: string }

export async function verifyChain(
  _x5c: unknown,
  _anchors: readonly TrustedCertificate[],
  _at: Date,
): Promise<Result<Chain, string>> {
  throw new Error('not built yet')
}
export function covers(_leaf: X509Certificate, _uri: string): boolean {
  throw new Error('not built yet')
}
export function authorityKeyIds(_x5c: readonly string[]): string[] {
  throw new Error('not built yet')
}
export async function x509Hash(_derBase64: string): Promise<string> {
  throw new Error('not built yet')
}
