import { type ClaimsPathPointer, selectClaims } from '../credential/claims-path-pointer.ts'
import { isDenied } from '../purposes/minimise.ts'
import { skip } from '../result.ts'
import type { PermittedClaims } from '../trust/facts.ts'
import { placeOf, registryType } from './credential-types.ts'
import { type Candidate, type CredentialMatch, saySomething } from './dcql-evaluate.ts'

const why = 'There is no query to hold it to: what the purpose permits is released.'

/**
 * What is released of a credential for which nobody wrote a query: the claims that the purpose
 * permits, and where it permits only so many of them together, the first that are there.
 */
export function matchPurpose(
  permitted: readonly PermittedClaims[],
  { format, type, claims }: Pick<Candidate, 'format' | 'type' | 'claims'>,
): CredentialMatch {
  const shown = (path: ClaimsPathPointer) =>
    !isDenied(path) && saySomething(selectClaims(claims, path))
  const paths = permitted
    .filter(({ credentialType }) => credentialType === registryType(format, type))
    .flatMap(({ paths, atMost }) =>
      paths
        .map((path) => placeOf(format, type, path))
        .filter(shown)
        .slice(0, atMost),
    )
  const checks = ['query.type', 'query.authorities', 'query.claims', 'query.values'] as const
  return { findings: checks.map((check) => skip(check, why)), paths }
}
