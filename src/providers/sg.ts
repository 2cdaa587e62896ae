import { weightedSum } from './check-digits.ts'
import { identifierRule, lei } from './identifier.ts'
import { born } from './person.ts'
import type { StateProfile } from './profile.ts'

/** A number whose last letter checks it: the part that is weighed, and the letter, are captured. */
type Series = {
  form: RegExp
  weights: number[]
  offset: number
  letters: string
  alphabet?: string
}

const nric = (prefix: string, offset: number, letters: string): Series => ({
  form: new RegExp(`^${prefix}(\\d{7})(.)$`),
  weights: [2, 7, 6, 5, 4, 3, 2],
  offset,
  letters,
})
const nricSeries = [
  nric('S', 0, 'JZIHGFEDCBA'),
  nric('T', 4, 'JZIHGFEDCBA'),
  nric('F', 0, 'XWUTRQPNMLK'),
  nric('G', 4, 'XWUTRQPNMLK'),
  nric('M', 3, 'XWUTRQPNJLK'),
]

const business: Series = {
  form: /^(\d{8})(.)$/,
  weights: [10, 4, 9, 3, 8, 2, 7, 1],
  offset: 0,
  letters: 'XMKECAWLJDB',
}
const localCompany: Series = {
  form: /^(\d{9})(.)$/,
  weights: [10, 8, 6, 4, 9, 7, 5, 3, 1],
  offset: 0,
  letters: 'ZKCMDNERGWH',
}
const otherEntity: Series = {
  form: /^([TSR].{8})(.)$/,
  weights: [4, 3, 5, 3, 10, 2, 2, 5, 7],
  offset: -5,
  letters: 'ABCDEFGHJKL',
  alphabet: 'ABCDEFGHJKLMNPQRSTUVWX0123456789',
}
const uenSeries = [business, localCompany, otherEntity]

const hasCheckLetter = (of: readonly Series[]) => (number: string) =>
  of.some(({ form, weights, offset, letters, alphabet }) => {
    const [, weighed, letter] = form.exec(number) ?? []
    if (weighed === undefined) return false
    return letter === letters[(weightedSum(weighed, weights, alphabet) + offset) % 11]
  })

export const sg: StateProfile = {
  country: 'SG',
  bloc: 'ASEAN',
  name: { en: 'Singapore', 'zh-Hans': '新加坡', ms: 'Singapura', ta: 'சிங்கப்பூர்' },
  languages: ['en-SG', 'zh-Hans-SG', 'ms-SG', 'ta-SG'],
  scheme: {
    id: 'sg-singpass',
    name: 'Singpass',
    note: 'Sandbox mock in the manner of Singpass and Myinfo; connected to neither.',
  },
  issuingAuthority: 'Immigration and Checkpoints Authority (sandbox mock)',
  // The acr speaks of the login alone; proofing is that of the register behind it.
  levels: [
    { national: 'urn:singpass:authentication:loa:1', proofing: 'substantial', authn: 'low' },
    {
      national: 'urn:singpass:authentication:loa:2',
      proofing: 'substantial',
      authn: 'substantial',
    },
    // The source hesitates between AAL2 and AAL3.
    {
      national: 'urn:singpass:authentication:loa:3',
      proofing: 'substantial',
      authn: 'substantial',
    },
  ],
  identifiers: [
    identifierRule({
      scheme: 'sg-nric',
      label: 'NRIC or FIN',
      crossesBorders: true,
      written: [/^[STFGM]\d{7}[A-Z]$/, 'S, T, F, G or M, seven digits and a letter'],
      holds: [['the last letter is the check letter of its series', hasCheckLetter(nricSeries)]],
    }),
    identifierRule({
      scheme: 'sg-uen',
      label: 'Unique Entity Number',
      crossesBorders: true,
      note: 'The year in it is not held against the calendar.',
      written: [
        /^(?:\d{8,9}|[TSR]\d\d[A-HJ-NP-X]{2}\d{4})[A-Z]$/,
        'NNNNNNNNX, YYYYNNNNNX, or T, S or R with YYPQNNNNX',
      ],
      holds: [['the last letter is the check letter of its form', hasCheckLetter(uenSeries)]],
    }),
    lei,
  ],
  personas: [
    {
      id: 'sg-lim-hui-min',
      kind: 'natural',
      identifiers: [{ scheme: 'sg-nric', value: 'S9199901C' }],
      national: 'urn:singpass:authentication:loa:3',
      person: {
        name: 'LIM HUI MIN',
        'name#zh-Hans': '林慧敏',
        name_order: 'family-first',
        ...born('1991-03-17'),
        place_of_birth: { country: 'SG' },
        nationalities: ['SG'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'BLK 999 EXAMPLE STREET 9 #09-99 SINGAPORE 999999',
          country: 'SG',
          street_address: 'BLK 999 EXAMPLE STREET 9 #09-99',
          postal_code: '999999',
        },
        document_type: 'identity_card',
        document_number: 'SGT000001',
      },
    },
    {
      id: 'sg-ravi-so-kumaran',
      kind: 'natural',
      identifiers: [{ scheme: 'sg-nric', value: 'S8499902D' }],
      national: 'urn:singpass:authentication:loa:2',
      person: {
        name: 'RAVI S/O KUMARAN',
        name_order: 'patronymic',
        ...born('1984-11-02'),
        place_of_birth: { country: 'SG' },
        nationalities: ['SG'],
        residence_status: 'citizen',
        sex: 1,
        address: {
          formatted: 'BLK 998 EXAMPLE AVENUE 8 #02-98 SINGAPORE 999998',
          country: 'SG',
          street_address: 'BLK 998 EXAMPLE AVENUE 8 #02-98',
          postal_code: '999998',
        },
        document_type: 'identity_card',
        document_number: 'SGT000002',
      },
    },
    {
      id: 'sg-nur-aisyah-binte-rahman',
      kind: 'natural',
      identifiers: [{ scheme: 'sg-nric', value: 'T0999903A' }],
      national: 'urn:singpass:authentication:loa:2',
      person: {
        name: 'NUR AISYAH BINTE RAHMAN',
        name_order: 'patronymic',
        ...born('2009-08-09'),
        place_of_birth: { country: 'SG' },
        nationalities: ['SG'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'BLK 997 EXAMPLE ROAD #07-97 SINGAPORE 999997',
          country: 'SG',
          street_address: 'BLK 997 EXAMPLE ROAD #07-97',
          postal_code: '999997',
        },
        document_type: 'identity_card',
        document_number: 'SGT000003',
      },
    },
    {
      id: 'sg-chen-wei',
      kind: 'natural',
      identifiers: [{ scheme: 'sg-nric', value: 'S8099904F' }],
      national: 'urn:singpass:authentication:loa:3',
      person: {
        name: 'CHEN WEI',
        'name#zh-Hans': '陈伟',
        name_order: 'family-first',
        ...born('1980-01-25'),
        place_of_birth: { country: 'CN' },
        nationalities: ['CN'],
        residence_status: 'permanent',
        sex: 1,
        address: {
          formatted: '96 EXAMPLE LANE SINGAPORE 999996',
          country: 'SG',
          street_address: '96 EXAMPLE LANE',
          postal_code: '999996',
        },
        document_type: 'identity_card',
        document_number: 'SGT000004',
      },
    },
    {
      id: 'sg-liza-reyes-mendoza',
      kind: 'natural',
      identifiers: [{ scheme: 'sg-nric', value: 'M9900021R' }],
      national: 'urn:singpass:authentication:loa:1',
      person: {
        name: 'LIZA REYES MENDOZA',
        name_order: 'given-first',
        ...born('1995-06-30'),
        place_of_birth: { country: 'PH' },
        nationalities: ['PH'],
        residence_status: 'temporary',
        sex: 2,
        address: {
          formatted: 'BLK 995 EXAMPLE CRESCENT #05-95 SINGAPORE 999995',
          country: 'SG',
          street_address: 'BLK 995 EXAMPLE CRESCENT #05-95',
          postal_code: '999995',
        },
        document_type: 'residence_card',
        document_number: 'SGT000005',
      },
    },
  ],
}
