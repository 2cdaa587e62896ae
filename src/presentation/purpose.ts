import { pathName } from '../credential/claims-path-pointer.ts'
import { surplus } from '../purposes/minimise.ts'
import type { PermittedClaims } from '../trust/facts.ts'
import type { CredentialQuery, DcqlQuery } from './dcql.ts'

/** What a query asks for at most, whichever of its alternatives a wallet takes. */
export function askedClaims({ credentials }: DcqlQuery): PermittedClaims[] {
  return credentials.flatMap((query) =>
    credentialTypesOf(query).map((credentialType) => ({
      credentialType,
      paths: (query.claims ?? []).map(({ path }) => path),
    })),
  )
}

/**
 * What a query asks for beyond what is permitted, in words; undefined when nothing is. What cannot be
 * told to be permitted is not: a credential query of no type that we know how to read is beyond.
 */
export function surplusNames(
  query: DcqlQuery,
  permitted: readonly PermittedClaims[],
): string | undefined {
  const untold = query.credentials
    .filter((each) => credentialTypesOf(each).length === 0)
    .map(({ id }) => `${id}, whose credential type cannot be told`)
  const beyond = surplus(askedClaims(query), permitted).map(({ credentialType, paths, atMost }) => {
    if (paths.length === 0) return `any ${credentialType}`
    const names = `${paths.map(pathName).join(', ')} of ${credentialType}`
    return atMost === undefined ? names : `more than ${atMost} of ${names} together`
  })
  const all = [...untold, ...beyond]
  return all.length > 0 ? all.join('; ').slice(0, 1000) : undefined
}

/** The types a credential query takes, where its format says them (OpenID4VP 1.0 B.2.3, B.3.5). */
function credentialTypesOf({ format, meta }: CredentialQuery): readonly string[] {
  if (format === 'dc+sd-jwt') return meta.vct_values ?? []
  if (format === 'mso_mdoc' && meta.doctype_value) return [meta.doctype_value]
  return []
}
