/**
 * The sum of weight times value over the first characters of a text, as many as there are weights:
 * what most national check digits are made of. A character's value is its place in the alphabet.
 */
export const weightedSum = (
  text: string,
  weights: readonly number[],
  alphabet = '0123456789',
): number => weights.reduce((sum, weight, i) => sum + weight * alphabet.indexOf(text.charAt(i)), 0)

/** Luhn (ISO/IEC 7812-1 annex B) over digits of which the last is the check digit. */
export function luhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, i) => {
    const doubled = Number(digit) * (i % 2 === 0 ? 1 : 2)
    return total + (doubled > 9 ? doubled - 9 : doubled)
  }, 0)
  return sum % 10 === 0
}

/** ISO 7064 MOD 97-10 over digits and capitals of which the last two are the check digits. */
export function mod97(text: string): boolean {
  const remainder = [...text].reduce((rest, character) => {
    const value = Number.parseInt(character, 36)
    return (rest * (value > 9 ? 100 : 10) + value) % 97
  }, 0)
  return remainder === 1
}

/** Verhoeff over digits of which the last is the check digit: catches every adjacent transposition. */
export const verhoeff = (digits: string): boolean =>
  [...digits].reverse().reduce((sum, digit, i) => multiply(sum, permute(Number(digit), i)), 0) === 0

/** The product in the dihedral group of order ten: 0 to 4 are rotations, 5 to 9 reflections. */
function multiply(a: number, b: number): number {
  const rotation = (a < 5 ? a + b : a - b + 10) % 5
  return a < 5 === b < 5 ? rotation : rotation + 5
}

/** Verhoeff's permutation, once for each place from the right; it returns to where it began after 8. */
function permute(digit: number, times: number): number {
  let permuted = digit
  for (let i = 0; i < times % 8; i++) permuted = Number('1576283094'[permuted])
  return permuted
}
