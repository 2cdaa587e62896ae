import { selectClaims } from '../credential/claims-path-pointer.ts'
import { surplus } from '../purposes/minimise.ts'
import { skip } from '../result.ts'
import { distinctPaths } from '../trust/claim-path.ts'
import type { ClaimPath, PermittedClaims } from '../trust/facts.ts'
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
  const credentialType = registryType(format, type)
  const bounds = permitted.filter((bound) => bound.credentialType === credentialType)
  const kept: ClaimPath[] = []
  for (const claim of distinctPaths(bounds.flatMap(({ paths }) => paths))) {
    const isShown = saySomething(selectClaims(claims, placeOf(format, type, claim)))
    const isTooMuch = surplus([{ credentialType, paths: [...kept, claim] }], bounds).length > 0
    if (isShown && !isTooMuch) kept.push(claim)
  }
  const paths = kept.map((claim) => placeOf(format, type, claim))
  const checks = ['query.type', 'query.authorities', 'query.claims', 'query.values'] as const
  return { findings: checks.map((check) => skip(check, why)), paths }
}
