import { isDayOfSomeCentury } from './calendar.ts'
import { identifierRule, lei } from './identifier.ts'
import { born } from './person.ts'
import type { StateProfile } from './profile.ts'

const hasBirthdate = (number: string) =>
  isDayOfSomeCentury(
    Number(number.slice(0, 2)),
    Number(number.slice(2, 4)),
    Number(number.slice(4, 6)),
  )

/** States 01-16 and 21-59, countries and groups of countries 60-93, 82 unknown, 98 and 99. */
const hasBirthplace = (number: string) =>
  /^(?:0[1-9]|1[0-6]|2[1-9]|[345]\d|6[0-8]|7[124-9]|8[2-9]|9[0-389])$/.test(number.slice(6, 8))

export const my: StateProfile = {
  country: 'MY',
  bloc: 'ASEAN',
  name: { en: 'Malaysia', ms: 'Malaysia', 'zh-Hans': '马来西亚', ta: 'மலேசியா' },
  languages: ['ms-MY', 'en', 'zh-Hans', 'ta'],
  scheme: {
    id: 'my-mydigital-id',
    name: 'MyDigital ID',
    note: 'Sandbox mock, illustrative: no protocol and no level names are published.',
  },
  issuingAuthority: 'Jabatan Pendaftaran Negara (sandbox mock)',
  levels: [
    {
      national: 'MyDigital ID / kiosk fingerprint and certificate',
      proofing: 'substantial',
      authn: 'substantial',
    },
  ],
  identifiers: [
    identifierRule({
      scheme: 'my-mykad',
      label: 'MyKad number',
      crossesBorders: true,
      note: 'Tells the place of birth, and of some that they are stateless or refugees. Two-digit year: no age follows from it.',
      written: [/^\d{6}(-?)\d\d\1\d{4}$/, 'YYMMDD-PB-####, with both hyphens or none'],
      holds: [
        ['the first six digits are a date', hasBirthdate],
        ['digits seven and eight are a place-of-birth code in use', hasBirthplace],
      ],
    }),
    identifierRule({
      scheme: 'my-ssm',
      label: 'SSM registration number',
      crossesBorders: true,
      note: 'No check digit; the shape alone is checked.',
      written: [/^(?:19|20)\d{10}$/, 'YYYYTTNNNNNN, twelve digits that begin with the year'],
    }),
    lei,
  ],
  personas: [
    {
      id: 'my-hafiz-bin-osman',
      kind: 'natural',
      identifiers: [{ scheme: 'my-mykad', value: '900101140001' }],
      national: 'MyDigital ID / kiosk fingerprint and certificate',
      person: {
        name: 'MUHAMMAD HAFIZ BIN OSMAN',
        name_order: 'patronymic',
        ...born('1990-01-01'),
        place_of_birth: { country: 'MY', region: 'Wilayah Persekutuan (Kuala Lumpur)' },
        nationalities: ['MY'],
        residence_status: 'citizen',
        sex: 1,
        address: {
          formatted: 'NO 99 JALAN CONTOH 9, TAMAN CONTOH, 99999 KUALA LUMPUR, W.P. KUALA LUMPUR',
          country: 'MY',
          street_address: 'NO 99 JALAN CONTOH 9, TAMAN CONTOH',
          postal_code: '99999',
          admin_area_1: 'W.P. KUALA LUMPUR',
          admin_area_2: 'KUALA LUMPUR',
        },
        document_type: 'identity_card',
        document_number: 'MYT000001',
      },
    },
    {
      id: 'my-aminah-binti-rahim',
      kind: 'natural',
      identifiers: [{ scheme: 'my-mykad', value: '000229100002' }],
      national: 'MyDigital ID / kiosk fingerprint and certificate',
      person: {
        name: 'SITI AMINAH BINTI RAHIM',
        name_order: 'patronymic',
        ...born('2000-02-29'),
        place_of_birth: { country: 'MY', region: 'Selangor' },
        nationalities: ['MY'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'NO 98 LORONG CONTOH 8, 99998 SHAH ALAM, SELANGOR',
          country: 'MY',
          street_address: 'NO 98 LORONG CONTOH 8',
          postal_code: '99998',
          admin_area_1: 'SELANGOR',
          admin_area_2: 'SHAH ALAM',
        },
        document_type: 'identity_card',
        document_number: 'MYT000002',
      },
    },
    {
      id: 'my-kavitha-ap-subramaniam',
      kind: 'natural',
      identifiers: [{ scheme: 'my-mykad', value: '781123079996' }],
      national: 'MyDigital ID / kiosk fingerprint and certificate',
      person: {
        name: 'KAVITHA A/P SUBRAMANIAM',
        name_order: 'patronymic',
        ...born('1978-11-23'),
        place_of_birth: { country: 'MY', region: 'Pulau Pinang' },
        nationalities: ['MY'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: '97 LEBUH CONTOH, 99997 GEORGE TOWN, PULAU PINANG',
          country: 'MY',
          street_address: '97 LEBUH CONTOH',
          postal_code: '99997',
          admin_area_1: 'PULAU PINANG',
          admin_area_2: 'GEORGE TOWN',
        },
        document_type: 'identity_card',
        document_number: 'MYT000003',
      },
    },
    {
      id: 'my-jengga-anak-unggat',
      kind: 'natural',
      identifiers: [{ scheme: 'my-mykad', value: '520714139993' }],
      national: 'MyDigital ID / kiosk fingerprint and certificate',
      person: {
        name: 'JENGGA ANAK UNGGAT',
        name_order: 'patronymic',
        ...born('1952-07-14'),
        place_of_birth: { country: 'MY', region: 'Sarawak' },
        nationalities: ['MY'],
        residence_status: 'citizen',
        sex: 1,
        address: {
          formatted: 'RUMAH PANJANG CONTOH, 99996 KAPIT, SARAWAK',
          country: 'MY',
          street_address: 'RUMAH PANJANG CONTOH',
          postal_code: '99996',
          admin_area_1: 'SARAWAK',
          admin_area_2: 'KAPIT',
        },
        document_type: 'identity_card',
        document_number: 'MYT000004',
      },
    },
    {
      id: 'my-wong-mei-ling',
      kind: 'natural',
      identifiers: [{ scheme: 'my-mykad', value: '090505089998' }],
      national: 'MyDigital ID / kiosk fingerprint and certificate',
      person: {
        name: 'WONG MEI LING',
        name_order: 'family-first',
        ...born('2009-05-05'),
        place_of_birth: { country: 'MY', region: 'Perak' },
        nationalities: ['MY'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: '95 PERSIARAN CONTOH, 99995 IPOH, PERAK',
          country: 'MY',
          street_address: '95 PERSIARAN CONTOH',
          postal_code: '99995',
          admin_area_1: 'PERAK',
          admin_area_2: 'IPOH',
        },
        document_type: 'identity_card',
        document_number: 'MYT000005',
      },
    },
  ],
}
