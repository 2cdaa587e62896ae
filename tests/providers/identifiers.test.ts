import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { states } from '../../src/providers/states.ts'

const rules = new Map(
  [...states.values()].flatMap((state) => state.identifiers).map((rule) => [rule.scheme, rule]),
)

function parse(scheme: string, value: string) {
  const rule = rules.get(scheme)
  if (!rule) throw new Error(`No rule ${scheme}`)
  return rule.parse(value)
}

/** Scheme, numbers that pass, numbers that break the rule. Synthetic, all of them. */
const vectors: [string, string[], string[]][] = [
  [
    'sg-nric',
    ['S0000001I', 'T9900042I', 'F0000007T', 'G9900013P', 'M9900021R', 'M1234567K'],
    ['S0000001A', 'X1234567L', 'T9900042', 'M9900021K'],
  ],
  ['my-mykad', ['900101-14-0001', '000229-10-0002'], ['901301-14-0001', '900101-00-0001']],
  ['th-pin', ['1999900000013', '8999900000029'], ['1999900000014', '9999900000013']],
  ['id-nik', ['3171010101900001', '3275016902040002'], ['9971010101900001', '3171013213900001']],
  ['vn-personal-id', ['001090000001', '079304000002'], ['001490000001', '00109000001']],
  ['ph-psn', ['527349180652', '603182749578'], ['527349180653', '603128749578']],
  ['ph-pcn', ['2734918065273493', '8349201756293840'], ['2734918065273494', '834920175629384']],
  ['jp-my-number', ['000000000019', '999000000024'], ['000000000010', '99900000002']],
  ['bn-ic', ['00-999901', '50-999902'], ['00-99990', 'AB-999901']],
  ['kh-id-card', ['999900001', '999900002(01)'], ['99990001', '99990000A']],
  ['la-national-id', ['999900000001', '999900000002'], ['99990000001', '99990000000A']],
  ['tl-uin', ['7391840626', '2640173853'], ['7391840627', '264017385']],
  ['mm-uid', ['5184027367', '9027364512'], ['5184027368', '90273645120']],
  [
    'mm-nrc',
    ['12/MaBaTa(N)000001', '9/PaBaTha(N)000002'],
    ['15/MaBaTa(N)000001', '12/MaBaTa(N)00001'],
  ],
  ['sg-uen', ['202599901Z', '99990001C', 'T25LL9991E'], ['202599901A', '209999901Z']],
  ['th-juristic', ['0105559990018', '0994000999020'], ['0105559990019', '1105559990018']],
  ['vn-mst', ['0109999012', '0319999026-001'], ['0109999013', '0319999026-000']],
  ['jp-corporate-number', ['7999901000001', '2010499999002'], ['8999901000001', '0999901000001']],
  ['id-npwp', ['0019999994011000', '0028888881011000'], ['0019999995011000', '00288888810110']],
  [
    'lei',
    ['999900ASEANGW0000171', '999900ASEANGW0000268'],
    ['999900ASEANGW0000172', '999900ASEANGW000026'],
  ],
  // Not of the common vectors
  ['th-alien', ['0999900000066', '6999900000073'], ['1999900000013', '0999900000067']],
  ['my-ssm', ['202501000001', '199901000002'], ['20250100000', '209901A00001', '189901000001']],
]

it('has vectors for every rule', () => {
  expect(vectors.map(([scheme]) => scheme).sort()).toEqual([...rules.keys()].sort())
})

describe.each(vectors)('%s', (scheme, good, bad) => {
  it.each(good)('accepts %s', (value) => {
    const number = value.replaceAll('-', '')
    expect(parse(scheme, value)).toEqual({ ok: true, value: number })
    expect(parse(scheme, number)).toEqual({ ok: true, value: number })
  })

  it.each(bad)('refuses %s', (value) => {
    expect(parse(scheme, value)).toMatchObject({ ok: false })
  })
})

it.each([
  ['my-mykad', '901301-14-0001', 'MyKad number: the first six digits are a date'],
  ['my-mykad', '900229-14-0001', 'MyKad number: the first six digits are a date'],
  [
    'my-mykad',
    '900101-00-0001',
    'MyKad number: digits seven and eight are a place-of-birth code in use',
  ],
  [
    'my-mykad',
    '900101-140001',
    'MyKad number: written as YYMMDD-PB-####, with both hyphens or none',
  ],
  ['id-nik', '9971010101900001', 'NIK: the first two digits are a province code in use'],
  [
    'id-nik',
    '3171013213900001',
    'NIK: digits seven to twelve are a date, the day plus 40 for women',
  ],
  [
    'vn-personal-id',
    '097190000001',
    'Personal identification number: the first three digits are a province, 001 to 096, or a country, from 100',
  ],
  [
    'vn-personal-id',
    '001490000001',
    'Personal identification number: the fourth digit is 0 to 3, for the centuries that have come',
  ],
  ['mm-nrc', '15/MaBaTa(N)000001', 'NRC number: the state is 1 to 14'],
  ['vn-mst', '0319999026-000', 'Tax code: branches are counted from 001'],
])('of %s %s, names the rule that is broken', (scheme, value, reason) => {
  expect(parse(scheme, value)).toEqual({ ok: false, error: reason })
})

it.each([
  ['th-pin', '1-9999-00000-01-3', '1999900000013'],
  ['vn-mst', '0319999026001', '0319999026001'],
  ['bn-ic', '00999901', '00999901'],
  ['my-mykad', '900101140001', '900101140001'],
  ['id-npwp', '3171010101900001', '3171010101900001'], // a person's NIK
  ['vn-personal-id', '100190000001', '100190000001'], // registered abroad
  ['id-nik', '6571014101000001', '6571014101000001'], // a younger province
])('takes %s %s as %s', (scheme, value, number) => {
  expect(parse(scheme, value)).toEqual({ ok: true, value: number })
})

describe('what is hostile is refused and nothing thrown', () => {
  const hostile = (number: string): [string, string][] => [
    ['nothing', ''],
    ['ten thousand digits', '9'.repeat(10_000)],
    ['ten thousand hyphens', `${number}${'-'.repeat(10_000)}`],
    ['full-width digits', number.replace(/\d/g, (d) => String.fromCodePoint(0xff10 + Number(d)))],
    ['Thai digits', number.replace(/\d/g, (d) => String.fromCodePoint(0x0e50 + Number(d)))],
    ['a space before', ` ${number}`],
    ['a line break behind', `${number}\n`],
    ['a null byte behind', `${number}\0`],
    ['a zero-width space within', `${number.slice(0, 4)}\u200b${number.slice(4)}`],
    ['__proto__', '__proto__'],
    ['constructor', 'constructor'],
    ['a lone surrogate', '\ud800'],
  ]

  describe.each(vectors)('%s', (scheme, [number = '']) => {
    it.each(hostile(number))('%s', (_, value) => {
      expect(parse(scheme, value)).toMatchObject({ ok: false, error: expect.any(String) })
    })
  })

  it('any text at all, and what passes is its own normal form', () => {
    const numberLike = fc.stringMatching(/^[TS0-9]{0,3}[0-9A-Z/()-]{0,18}$/)
    const text = fc.oneof(fc.string({ unit: 'binary' }), numberLike)
    fc.assert(
      fc.property(text, fc.constantFrom(...rules.values()), (value, rule) => {
        const parsed = rule.parse(value)
        if (parsed.ok) expect(rule.parse(parsed.value)).toEqual(parsed)
      }),
      { numRuns: 2000 },
    )
  })

  it('a Kelvin sign for the letter K', () => {
    expect(parse('sg-nric', 'M1234567\u212a')).toMatchObject({ ok: false })
  })
})

it('never repeats the number in a reason', () => {
  for (const [scheme, , bad] of vectors) {
    for (const value of bad) {
      const parsed = parse(scheme, value)
      expect(!parsed.ok && parsed.error).not.toContain(value)
    }
  }
})

it('lets every number cross borders but those that never may', () => {
  const kept = [...rules.values()].filter((rule) => !rule.crossesBorders)
  expect(kept.map((rule) => rule.scheme).sort()).toEqual(['jp-my-number', 'mm-nrc', 'ph-psn'])
})

it.each(['ph-psn', 'ph-pcn', 'tl-uin', 'mm-uid', 'la-national-id'])(
  'says that the rule of %s is invented',
  (scheme) => expect(rules.get(scheme)?.note).toMatch(/invented/i),
)
