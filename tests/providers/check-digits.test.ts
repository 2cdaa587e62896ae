import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { luhn, mod97, verhoeff, weightedSum } from '../../src/providers/check-digits.ts'

/** The ten texts that end in each check digit; exactly one of them must hold. */
const completions = (digits: string) => [...'0123456789'].map((check) => digits + check)
const digits = fc.stringMatching(/^\d{2,30}$/)

describe('Verhoeff', () => {
  it.each(['2363', '12340'])('holds for %s', (number) => expect(verhoeff(number)).toBe(true))

  it('leaves one check digit', () => {
    fc.assert(fc.property(digits, (d) => completions(d).filter(verhoeff).length === 1))
  })

  it('catches every transposition of neighbours', () => {
    fc.assert(
      fc.property(digits, fc.nat(), (d, at) => {
        const number = completions(d).find(verhoeff) ?? ''
        const i = at % (number.length - 1)
        const [a, b] = number.slice(i, i + 2)
        fc.pre(a !== b)
        return !verhoeff(`${number.slice(0, i)}${b}${a}${number.slice(i + 2)}`)
      }),
    )
  })
})

describe('Luhn', () => {
  it.each(['79927398713', '4111111111111111'])('holds for %s', (number) =>
    expect(luhn(number)).toBe(true),
  )

  it('leaves one check digit', () => {
    fc.assert(fc.property(digits, (d) => completions(d).filter(luhn).length === 1))
  })
})

describe('ISO 7064 MOD 97-10', () => {
  it.each<[string, boolean]>([
    ['79444', true], // the example of ISO 7064
    ['3214282912345698765432161182', true], // an IBAN, its head at its tail
    ['79544', false],
    ['', false],
  ])('%j: %s', (text, holds) => expect(mod97(text)).toBe(holds))
})

it('weighs the characters of an alphabet, as many as there are weights', () => {
  expect(weightedSum('1234', [3, 2, 1])).toBe(3 + 4 + 3)
  expect(weightedSum('CA', [10, 1], 'ABC')).toBe(20)
})
