import { ok, refuse } from '../result.ts'
import { mod97 } from './check-digits.ts'
import type { IdentifierRule } from './profile.ts'

type Parts = Omit<IdentifierRule, 'parse'> & {
  /** How the number is written: the pattern, anchored at both ends, and the same in words. */
  written: readonly [RegExp, string]
  /** What must hold of the number once its hyphens are gone: the rule in words, and its test. */
  holds?: readonly (readonly [string, (number: string) => boolean])[]
}

/**
 * A rule from its parts. Nothing is trimmed, folded or mapped before the pattern is asked, and all
 * patterns are ASCII: full-width or native digits, or a Kelvin sign for a K, are not the number.
 */
export function identifierRule({ written, holds = [], ...rule }: Parts): IdentifierRule {
  const [pattern, words] = written
  return {
    ...rule,
    parse(value) {
      if (!pattern.test(value)) return refuse(`${rule.label}: written as ${words}`)
      const number = value.replaceAll('-', '')
      const broken = holds.find(([, test]) => !test(number))
      return broken ? refuse(`${rule.label}: ${broken[0]}`) : ok(number)
    },
  }
}

/** The Legal Entity Identifier (ISO 17442-1), of any state. */
export const lei = identifierRule({
  scheme: 'lei',
  label: 'Legal Entity Identifier',
  crossesBorders: true,
  written: [/^[0-9A-Z]{18}\d{2}$/, '18 digits or capitals and two digits'],
  holds: [['the last two digits are the check digits of ISO 7064 MOD 97-10', mod97]],
})
