import { pathName } from '../credential/claims-path-pointer.ts'
import type { JsonObject } from '../credential/json.ts'
import type { Refusal } from '../errors.ts'
import { surplus } from '../purposes/minimise.ts'
import type { PermittedClaims } from '../trust/facts.ts'
import { type AskedQuery, askedClaims } from './asked-claims.ts'
import { credentialTypesOf } from './dcql.ts'
import { leastQuery } from './least-query.ts'

/** A purpose is asked for that the relying party has not. */
export const notRegistered = (purpose: string): Refusal<'purpose_not_registered'> => ({
  code: 'purpose_not_registered',
  detail: `This relying party is not registered for ${purpose}. GET /v1/me lists what it is.`,
})

/**
 * Holds a query to what is permitted for its purpose: undefined when it asks for nothing beyond, else
 * the refusal, which names the surplus and the least query that would do, for people and programs.
 */
export function exceeds(
  purpose: string,
  asked: AskedQuery,
  permitted: readonly PermittedClaims[],
): Refusal<'purpose_exceeded'> | undefined {
  const names = surplusNames(asked, permitted)
  if (names === undefined) return undefined
  const least = leastQuery(asked, permitted)
  const remedy = least
    ? 'Leave it out: least_query is what remains.'
    : 'Nothing would remain. Ask for what GET /v1/me lists.'
  const members = {
    surplus: surplus(askedClaims(asked, permitted), permitted).map(surplusMember),
    least_query: least ?? null,
  }
  return {
    code: 'purpose_exceeded',
    detail: `${purpose} does not permit ${names}. ${remedy}`,
    members: members as JsonObject,
  }
}

/**
 * What a query asks for beyond what is permitted, in words; undefined when nothing is. What cannot be
 * told to be permitted is not: a credential query of no type that we know how to read is beyond.
 */
export function surplusNames(
  asked: AskedQuery,
  permitted: readonly PermittedClaims[],
): string | undefined {
  const untold = asked.query.credentials
    .filter((each) => credentialTypesOf(each).length === 0)
    .map(({ id }) => `${id}, whose credential type cannot be told`)
  const all = [...untold, ...surplus(askedClaims(asked, permitted), permitted).map(surplusName)]
  return all.length > 0 ? printable(all.join('; ')) : undefined
}

function surplusName({ credentialType, paths, atMost }: PermittedClaims): string {
  if (paths.length === 0) return `any ${credentialType}`
  const names = `${paths.map(pathName).join(', ')} of ${credentialType}`
  return atMost === undefined ? names : `more than ${atMost} of ${names} together`
}

const surplusMember = ({ credentialType, paths, atMost }: PermittedClaims) => ({
  type: credentialType,
  claims: paths,
  ...(atMost !== undefined && { at_most: atMost }),
})

/** A claim is called what the relying party calls it, which may be anything of any length. */
const printable = (text: string) => text.slice(0, 1000).replace(/[^\x20-\x7e]|["\\]/g, '?')
