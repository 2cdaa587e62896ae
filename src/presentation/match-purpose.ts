import { type ClaimsPathPointer, selectClaims } from '../credential/claims-path-pointer.ts'
import type { JsonObject } from '../credential/json.ts'
import { isDenied } from '../purposes/minimise.ts'
import { skip } from '../result.ts'
import type { PermittedClaims } from '../trust/facts.ts'
import { type CredentialMatch, saySomething } from './dcql-evaluate.ts'

const why = 'There is no query to hold it to: what the purpose permits is released.'

/**
 * What is released of a credential for which nobody wrote a query: the claims that the purpose
 * permits, and where it permits only so many of them together, the first that are there.
 */
export function matchPurpose(
  permitted: readonly PermittedClaims[],
  type: string,
  claims: JsonObject,
): CredentialMatch {
  const paths = permitted
    .filter(({ credentialType }) => credentialType === type)
    .flatMap((each) => shown(each, claims))
  const checks = ['query.type', 'query.authorities', 'query.claims', 'query.values'] as const
  return { findings: checks.map((check) => skip(check, why)), paths }
}

const shown = ({ paths, atMost }: PermittedClaims, claims: JsonObject): ClaimsPathPointer[] =>
  paths
    .filter((path) => !isDenied(path) && saySomething(selectClaims(claims, path)))
    .slice(0, atMost)
