import { emptyObject, isJsonObject, type Json, type JsonObject } from '../credential/json.ts'
import type { ClaimPath } from '../trust/facts.ts'

/**
 * The elements that a claims path pointer selects (OpenID4VP 1.0 7.1.1): none when it selects nothing,
 * or when it takes an object for an array or an array for an object.
 */
export function selectClaims(claims: Json, path: ClaimPath): Json[] {
  let selected = [claims]
  for (const step of path) {
    if (!selected.every((element) => fits(element, step))) return []
    selected = selected.flatMap((element) => below(element, step))
  }
  return selected
}

/**
 * The part of the claims that some paths select, in the shape it has there. Elements of an array that
 * nobody asked for are left out, so that positions may change.
 */
export function trimClaims(claims: JsonObject, paths: readonly ClaimPath[]): JsonObject {
  const kept = trim(claims, paths)
  return isJsonObject(kept) ? kept : emptyObject()
}

/** Whether one of two paths leads to the other: what lies at either is needed to show the other. */
export function onOneLine(first: ClaimPath, second: ClaimPath): boolean {
  const length = Math.min(first.length, second.length)
  return first.slice(0, length).every((step, i) => sameStep(step, second[i] ?? null))
}

/** A path as people write it: `address.country`, `nationalities.*`. */
export const pathName = (path: ClaimPath): string => path.map((step) => step ?? '*').join('.')

const fits = (element: Json, step: ClaimPath[number]) =>
  typeof step === 'string' ? isJsonObject(element) : Array.isArray(element)

function below(element: Json, step: ClaimPath[number]): Json[] {
  if (step === null) return Array.isArray(element) ? element : []
  if (typeof step === 'number') return Array.isArray(element) ? element.slice(step, step + 1) : []
  const member = isJsonObject(element) && Object.hasOwn(element, step) ? element[step] : undefined
  return member === undefined ? [] : [member]
}

function sameStep(a: ClaimPath[number], b: ClaimPath[number]): boolean {
  return a === b || (a === null && typeof b === 'number') || (b === null && typeof a === 'number')
}

function trim(value: Json, paths: readonly ClaimPath[]): Json | undefined {
  if (paths.length === 0) return undefined
  if (paths.some((path) => path.length === 0)) return value
  if (Array.isArray(value)) {
    const kept = value.map((element, i) =>
      trim(
        element,
        tails(paths, (step) => step === null || step === i),
      ),
    )
    return kept.filter((element) => element !== undefined)
  }
  if (!isJsonObject(value)) return undefined
  const kept = emptyObject()
  for (const [name, member] of Object.entries(value)) {
    const part = trim(
      member,
      tails(paths, (step) => step === name),
    )
    if (part !== undefined) kept[name] = part
  }
  return kept
}

const tails = (paths: readonly ClaimPath[], leads: (step: ClaimPath[number]) => boolean) =>
  paths.flatMap(([step, ...rest]) => (step !== undefined && leads(step) ? [rest] : []))
