import { weightedSum } from './check-digits.ts'
import { identifierRule, lei } from './identifier.ts'
import { born } from './person.ts'
import type { StateProfile } from './profile.ts'

function hasMyNumberCheckDigit(number: string): boolean {
  const remainder = weightedSum(number, [6, 5, 4, 3, 2, 7, 6, 5, 4, 3, 2]) % 11
  return Number(number[11]) === (remainder <= 1 ? 0 : 11 - remainder)
}

const hasCorporateCheckDigit = (number: string) =>
  Number(number[0]) === 9 - (weightedSum(number.slice(1), [2, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2, 1]) % 9)

export const jp: StateProfile = {
  country: 'JP',
  bloc: 'partner',
  name: { en: 'Japan', ja: '日本' },
  languages: ['ja-JP', 'en'],
  scheme: {
    id: 'jp-jpki',
    name: 'JPKI and Digital Authentication App',
    note: 'Sandbox mock in the manner of the Digital Authentication App; connected to neither it nor JPKI.',
  },
  issuingAuthority: 'Japan Agency for Local Authority Information Systems (sandbox mock)',
  levels: [
    { national: 'JPKI signature certificate / card and PIN', proofing: 'high', authn: 'high' },
    { national: 'Digital Authentication App / user certificate', proofing: 'high', authn: 'high' },
  ],
  identifiers: [
    identifierRule({
      scheme: 'jp-my-number',
      label: 'My Number',
      crossesBorders: false,
      note: 'Here only to detect leakage and block it: never asked for, kept or issued.',
      written: [/^\d{12}$/, 'twelve digits'],
      holds: [['the last digit is the check digit modulo 11', hasMyNumberCheckDigit]],
    }),
    identifierRule({
      scheme: 'jp-corporate-number',
      label: 'Corporate Number',
      crossesBorders: true,
      written: [/^\d{13}$/, 'thirteen digits'],
      holds: [['the first digit is the check digit modulo 9', hasCorporateCheckDigit]],
    }),
    lei,
  ],
  // Names come as one string and are not split; a citizen's card may have no Latin form at all.
  personas: [
    {
      id: 'jp-yamada-hanako',
      kind: 'natural',
      identifiers: [],
      national: 'JPKI signature certificate / card and PIN',
      person: {
        name: '山田 花子',
        'name#ja-Kana': 'ヤマダ ハナコ',
        name_order: 'family-first',
        ...born('1989-01-08'), // the first day of Heisei
        nationalities: ['JP'],
        residence_status: 'citizen',
        sex: 2,
        address: { formatted: '東京都千代田区見本町９－９－９', country: 'JP' },
        document_type: 'identity_card',
        document_number: 'JPT000001',
      },
    },
    {
      id: 'jp-sato-ichiro',
      kind: 'natural',
      identifiers: [],
      national: 'Digital Authentication App / user certificate',
      person: {
        name: '佐藤 一郎',
        'name#ja-Kana': 'サトウ イチロウ',
        name_order: 'family-first',
        ...born('1958-11-03'),
        nationalities: ['JP'],
        residence_status: 'citizen',
        sex: 1,
        address: { formatted: '大阪府大阪市見本区見本一丁目９番８号', country: 'JP' },
        document_type: 'identity_card',
        document_number: 'JPT000002',
      },
    },
    {
      id: 'jp-suzuki-aoi',
      kind: 'natural',
      identifiers: [],
      national: 'Digital Authentication App / user certificate',
      person: {
        name: '鈴木 葵',
        'name#ja-Kana': 'スズキ アオイ',
        name_order: 'family-first',
        ...born('2007-06-21'),
        nationalities: ['JP'],
        residence_status: 'citizen',
        sex: 0,
        address: { formatted: '北海道札幌市見本区見本９条９丁目７', country: 'JP' },
        document_type: 'identity_card',
        document_number: 'JPT000003',
      },
    },
    {
      id: 'jp-li-meiling',
      kind: 'natural',
      identifiers: [],
      national: 'JPKI signature certificate / card and PIN',
      person: {
        name: '李 美玲',
        'name#zh-Latn': 'LI MEILING',
        name_order: 'family-first',
        ...born('1997-02-07'),
        nationalities: ['CN'],
        residence_status: 'permanent',
        sex: 2,
        address: { formatted: '神奈川県横浜市見本区見本町９６', country: 'JP' },
        document_type: 'residence_card',
        document_number: 'JPT000004',
      },
    },
    {
      id: 'jp-nguyen-van-hung',
      kind: 'natural',
      identifiers: [],
      national: 'Digital Authentication App / user certificate',
      person: {
        name: 'NGUYEN VAN HUNG',
        'name#ja-Kana': 'グエン ヴァン フン',
        name_order: 'family-first',
        ...born('1999-09-02'),
        nationalities: ['VN'],
        residence_status: 'temporary',
        sex: 1,
        address: { formatted: '愛知県名古屋市見本区見本９５番地', country: 'JP' },
        document_type: 'residence_card',
        document_number: 'JPT000005',
      },
    },
  ],
}
