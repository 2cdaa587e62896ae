/** The identifiers that a gateway gives out below its own origin. Countries are ISO 3166-1. */
export type EntityIds = ReturnType<typeof entityIds>
export function entityIds(origin: string) {
  return {
    /** In the leaf of every entry, so that none of them holds in another registry. */
    registry: `urn:gerbang:registry:${origin}`,
    /** The sandbox itself: of no state. */
    sandbox: origin,
    walletProvider: `${origin}/wallet-providers/sandbox`,
    authority: (country: string) => `${origin}/states/${country.toLowerCase()}`,
    issuer: (country: string) => `${origin}/issuers/${country.toLowerCase()}`,
    relyingParty: (id: string) => `${origin}/relying-parties/${id}`,
  }
}

/** The last segment of an entity identifier: what people, and the purposes of our keys, call it. */
export const shortId = (entityId: string): string => entityId.slice(entityId.lastIndexOf('/') + 1)
