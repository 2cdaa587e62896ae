import { surplus } from '../purposes/minimise.ts'
import type { PermittedClaims } from '../trust/facts.ts'
import { pathName } from './claims-path-pointer.ts'
import type { DcqlQuery } from './dcql.ts'

/** What a query asks for at most, whichever of its alternatives a wallet takes. */
export function askedClaims({ credentials }: DcqlQuery): PermittedClaims[] {
  return credentials.flatMap(({ meta, claims = [] }) =>
    (meta.vct_values ?? []).map((credentialType) => ({
      credentialType,
      paths: claims.map(({ path }) => path),
    })),
  )
}

/** What a query asks for beyond what is permitted, in words; undefined when nothing is. */
export function surplusNames(
  query: DcqlQuery,
  permitted: readonly PermittedClaims[],
): string | undefined {
  const beyond = surplus(askedClaims(query), permitted).map(({ credentialType, paths }) =>
    paths.length > 0
      ? `${paths.map(pathName).join(', ')} of ${credentialType}`
      : `any ${credentialType}`,
  )
  return beyond.length > 0 ? beyond.join('; ').slice(0, 1000) : undefined
}
