import { isJsonObject, type Json } from '../credential/json.ts'
import type { ClaimPath } from '../credential/sd-jwt.ts'
import type { ClaimsPath } from './dcql.ts'

/** A claim that a claims path pointer selects: where it stands, and what it is. */
export type SelectedClaim = { at: ClaimPath; value: Json }

/**
 * The claims that a claims path pointer selects (OpenID4VP 1.0 7.1.1). None when it selects nothing,
 * and none when it does not fit: a name where there is no object, a position where there is no array.
 */
export function selectClaims(claims: Json, pointer: ClaimsPath): SelectedClaim[] {
  let selected: SelectedClaim[] = [{ at: [], value: claims }]
  for (const step of pointer) {
    if (!selected.every(({ value }) => fits(value, step))) return []
    selected = selected.flatMap((claim) => claimsAt(claim, step))
  }
  return selected
}

const fits = (value: Json, step: string | number | null) =>
  typeof step === 'string' ? isJsonObject(value) : Array.isArray(value)

function claimsAt({ at, value }: SelectedClaim, step: string | number | null): SelectedClaim[] {
  if (isJsonObject(value)) {
    if (typeof step !== 'string' || !Object.hasOwn(value, step)) return []
    return [{ at: [...at, step], value: value[step] ?? null }]
  }
  const elements = Array.isArray(value) ? [...value.entries()] : []
  return elements
    .filter(([i]) => step === null || step === i)
    .map(([i, element]) => ({ at: [...at, i], value: element }))
}
