import { emptyObject, isJsonObject, type Json, type JsonObject } from './json.ts'

/**
 * A claims path pointer (OpenID4VP 1.0 7): member names, array positions, null for every element.
 * One without null says where a single claim stands.
 */
export type ClaimsPathPointer = (string | number | null)[]

type Step = ClaimsPathPointer[number]

/** A claim that a pointer selects: where it stands, and what it is. */
export type LocatedClaim = { at: ClaimsPathPointer; value: Json }

/**
 * The claims that a pointer selects (OpenID4VP 1.0 7.1.1). None when it selects nothing, and none when
 * it does not fit: a name where there is no object, a position where there is no array.
 */
export function locateClaims(claims: Json, pointer: ClaimsPathPointer): LocatedClaim[] {
  let selected: LocatedClaim[] = [{ at: [], value: claims }]
  for (const step of pointer) {
    if (!selected.every(({ value }) => fits(value, step))) return []
    selected = selected.flatMap((claim) => below(claim, step))
  }
  return selected
}

/** Their values alone, which is all that a verifier needs, and a third of the work. */
export function selectClaims(claims: Json, pointer: ClaimsPathPointer): Json[] {
  let selected = [claims]
  for (const step of pointer) {
    const found: Json[] = []
    for (const value of selected) {
      if (!fits(value, step)) return []
      if (step === null) found.push(...(value as Json[]))
      else if (Object.hasOwn(Object(value), step)) found.push((value as JsonObject)[step] ?? null)
    }
    selected = found
  }
  return selected
}

/**
 * The part of the claims that some pointers select, in the shape it has there. Elements of an array
 * that nobody asked for are left out, so that positions may change.
 */
export function trimClaims(claims: JsonObject, pointers: readonly ClaimsPathPointer[]): JsonObject {
  const kept = trim(claims, pointers)
  return isJsonObject(kept) ? kept : emptyObject()
}

/** Whether one of two pointers leads to the other: what lies at either is needed to show the other. */
export function onOneLine(first: ClaimsPathPointer, second: ClaimsPathPointer): boolean {
  const length = Math.min(first.length, second.length)
  return first.slice(0, length).every((step, i) => sameStep(step, second[i] ?? null))
}

/**
 * A pointer as people write it: `address.country`, `nationalities.*`. Others chose the names, so that what
 * cannot be seen is shown as a question mark: it could hide or turn around what stands beside it.
 */
export const pathName = (pointer: ClaimsPathPointer): string =>
  pointer
    .map((step) => step ?? '*')
    .join('.')
    .replaceAll(/[\p{C}\p{Zl}\p{Zp}]/gu, '?')

const fits = (value: Json, step: Step) =>
  typeof step === 'string' ? isJsonObject(value) : Array.isArray(value)

function below({ at, value }: LocatedClaim, step: Step): LocatedClaim[] {
  if (isJsonObject(value)) {
    if (typeof step !== 'string' || !Object.hasOwn(value, step)) return []
    return [{ at: [...at, step], value: value[step] ?? null }]
  }
  const elements = Array.isArray(value) ? [...value.entries()] : []
  return elements
    .filter(([i]) => step === null || step === i)
    .map(([i, element]) => ({ at: [...at, i], value: element }))
}

function sameStep(a: Step, b: Step): boolean {
  return a === b || (a === null && typeof b === 'number') || (b === null && typeof a === 'number')
}

function trim(value: Json, pointers: readonly ClaimsPathPointer[]): Json | undefined {
  if (pointers.length === 0) return undefined
  if (pointers.some((pointer) => pointer.length === 0)) return value
  if (Array.isArray(value)) {
    const kept = value.map((element, i) =>
      trim(
        element,
        tails(pointers, (step) => step === null || step === i),
      ),
    )
    return kept.filter((element) => element !== undefined)
  }
  if (!isJsonObject(value)) return undefined
  const kept = emptyObject()
  for (const [name, member] of Object.entries(value)) {
    // Of a whole credential little is asked for.
    if (!pointers.some(([step]) => step === name)) continue
    const part = trim(
      member,
      tails(pointers, (step) => step === name),
    )
    if (part !== undefined) kept[name] = part
  }
  return kept
}

const tails = (pointers: readonly ClaimsPathPointer[], leads: (step: Step) => boolean) =>
  pointers.flatMap(([step, ...rest]) => (step !== undefined && leads(step) ? [rest] : []))
