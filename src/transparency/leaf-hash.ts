/** The Merkle tree hash of one leaf: SHA-256(0x00 || leaf) (RFC 9162 2.1.1). 32 bytes. */
export async function leafHash(leaf: Uint8Array): Promise<Uint8Array<ArrayBuffer>> {
  const prefixed = new Uint8Array(leaf.length + 1)
  prefixed.set(leaf, 1)
  return new Uint8Array(await crypto.subtle.digest('SHA-256', prefixed))
}
