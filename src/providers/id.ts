import { isDayOfSomeCentury } from './calendar.ts'
import { luhn } from './check-digits.ts'
import { identifierRule, lei } from './identifier.ts'
import { born } from './person.ts'
import type { StateProfile } from './profile.ts'

/** The codes of the statistics office and of the ministry together; they differ for Papua. */
const hasProvince = (nik: string) =>
  /^(?:1[1-9]|21|3[1-6]|5[1-3]|6[1-5]|7[1-6]|8[12]|9[1-6])/.test(nik)

function hasBirthdate(nik: string): boolean {
  const day = Number(nik.slice(6, 8))
  return isDayOfSomeCentury(
    Number(nik.slice(10, 12)),
    Number(nik.slice(8, 10)),
    day > 40 ? day - 40 : day,
  )
}

const isNik = (number: string) => hasProvince(number) && hasBirthdate(number)

export const id: StateProfile = {
  country: 'ID',
  bloc: 'ASEAN',
  name: { en: 'Indonesia', id: 'Indonesia' },
  languages: ['id-ID', 'en'],
  scheme: {
    id: 'id-inapas',
    name: 'INA Pass and IKD',
    note: 'Sandbox mock, illustrative: no protocol and no level names are published.',
  },
  issuingAuthority: 'Direktorat Jenderal Kependudukan dan Pencatatan Sipil (sandbox mock)',
  levels: [
    { national: 'IKD', proofing: 'substantial', authn: 'substantial' },
    { national: 'INA Pass', proofing: 'substantial', authn: 'substantial' },
  ],
  identifiers: [
    identifierRule({
      scheme: 'id-nik',
      label: 'NIK',
      crossesBorders: true,
      note: 'The place is that of the first registration. Two-digit year: no age follows from it.',
      written: [/^\d{16}$/, 'sixteen digits'],
      holds: [
        ['the first two digits are a province code in use', hasProvince],
        ['digits seven to twelve are a date, the day plus 40 for women', hasBirthdate],
      ],
    }),
    identifierRule({
      scheme: 'id-npwp',
      label: 'NPWP',
      crossesBorders: true,
      note: 'A person has her NIK as tax number.',
      written: [/^\d{16}$/, 'sixteen digits'],
      holds: [
        [
          'the tenth digit is the Luhn digit after a leading 0, or else the whole is a NIK',
          (number) => (number.startsWith('0') ? luhn(number.slice(0, 10)) : isNik(number)),
        ],
      ],
    }),
    lei,
  ],
  // No surname field: a clan name is part of the name, and a single word remains valid.
  personas: [
    {
      id: 'id-budi-santoso',
      kind: 'natural',
      identifiers: [{ scheme: 'id-nik', value: '3171010101900001' }],
      national: 'INA Pass',
      person: {
        name: 'BUDI SANTOSO',
        name_order: 'unknown',
        ...born('1990-01-01'),
        place_of_birth: { country: 'ID', locality: 'JAKARTA' },
        nationalities: ['ID'],
        residence_status: 'citizen',
        sex: 1,
        address: {
          formatted: 'JL. CONTOH NO. 99, RT 009/RW 009, GAMBIR, GAMBIR, JAKARTA PUSAT, DKI JAKARTA',
          country: 'ID',
          street_address: 'JL. CONTOH NO. 99, RT 009/RW 009',
          admin_area_1: 'DKI JAKARTA',
          admin_area_2: 'JAKARTA PUSAT',
          admin_area_3: 'GAMBIR',
          admin_area_4: 'GAMBIR',
        },
        document_type: 'identity_card',
        document_number: 'IDT000001',
      },
    },
    {
      id: 'id-suparmi',
      kind: 'natural',
      identifiers: [{ scheme: 'id-nik', value: '3374015708610001' }],
      national: 'IKD',
      person: {
        name: 'SUPARMI',
        given_name: 'SUPARMI',
        name_order: 'mononym',
        ...born('1961-08-17'),
        place_of_birth: { country: 'ID', locality: 'SEMARANG' },
        nationalities: ['ID'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'JL. CONTOH NO. 98, RT 001/RW 002, SEMARANG TENGAH, SEMARANG, JAWA TENGAH',
          country: 'ID',
          street_address: 'JL. CONTOH NO. 98, RT 001/RW 002',
          admin_area_1: 'JAWA TENGAH',
          admin_area_2: 'SEMARANG',
          admin_area_3: 'SEMARANG TENGAH',
        },
        document_type: 'identity_card',
        document_number: 'IDT000002',
      },
    },
    {
      id: 'id-rina-anggraini-putri',
      kind: 'natural',
      identifiers: [{ scheme: 'id-nik', value: '3275016902040002' }],
      national: 'INA Pass',
      person: {
        name: 'RINA ANGGRAINI PUTRI',
        name_order: 'unknown',
        ...born('2004-02-29'),
        place_of_birth: { country: 'ID', locality: 'BEKASI' },
        nationalities: ['ID'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'PERUM CONTOH BLOK Z9, RT 003/RW 004, BEKASI TIMUR, BEKASI, JAWA BARAT',
          country: 'ID',
          street_address: 'PERUM CONTOH BLOK Z9, RT 003/RW 004',
          admin_area_1: 'JAWA BARAT',
          admin_area_2: 'BEKASI',
          admin_area_3: 'BEKASI TIMUR',
        },
        document_type: 'identity_card',
        document_number: 'IDT000003',
      },
    },
    {
      id: 'id-rotua-simanjuntak',
      kind: 'natural',
      identifiers: [{ scheme: 'id-nik', value: '1271014511820003' }],
      national: 'IKD',
      person: {
        name: 'ROTUA SIMANJUNTAK',
        name_order: 'given-first',
        ...born('1982-11-05'),
        place_of_birth: { country: 'ID', locality: 'MEDAN' },
        nationalities: ['ID'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'JL. CONTOH NO. 96, MEDAN KOTA, MEDAN, SUMATERA UTARA',
          country: 'ID',
          street_address: 'JL. CONTOH NO. 96',
          admin_area_1: 'SUMATERA UTARA',
          admin_area_2: 'MEDAN',
          admin_area_3: 'MEDAN KOTA',
        },
        document_type: 'identity_card',
        document_number: 'IDT000004',
      },
    },
    {
      id: 'id-fajar-ramadhan',
      kind: 'natural',
      identifiers: [{ scheme: 'id-nik', value: '6471012009070004' }],
      national: 'INA Pass',
      person: {
        name: 'MUHAMMAD FAJAR RAMADHAN',
        name_order: 'unknown',
        ...born('2007-09-20'),
        place_of_birth: { country: 'ID', locality: 'BALIKPAPAN' },
        nationalities: ['ID'],
        residence_status: 'citizen',
        sex: 1,
        address: {
          formatted: 'JL. CONTOH NO. 95, BALIKPAPAN KOTA, BALIKPAPAN, KALIMANTAN TIMUR',
          country: 'ID',
          street_address: 'JL. CONTOH NO. 95',
          admin_area_1: 'KALIMANTAN TIMUR',
          admin_area_2: 'BALIKPAPAN',
          admin_area_3: 'BALIKPAPAN KOTA',
        },
        document_type: 'identity_card',
        document_number: 'IDT000005',
      },
    },
  ],
}
