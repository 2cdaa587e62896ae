import { weightedSum } from './check-digits.ts'
import { identifierRule, lei } from './identifier.ts'
import { born } from './person.ts'
import type { StateProfile } from './profile.ts'

function hasPlace(number: string): boolean {
  const place = Number(number.slice(0, 3))
  return (place >= 1 && place <= 96) || place >= 100
}

const hasTaxCheckDigit = (number: string) =>
  Number(number[9]) === 10 - (weightedSum(number, [31, 29, 23, 19, 17, 13, 7, 5, 3]) % 11)

export const vn: StateProfile = {
  country: 'VN',
  bloc: 'ASEAN',
  name: { en: 'Viet Nam', vi: 'Việt Nam' },
  languages: ['vi-VN', 'en'],
  scheme: {
    id: 'vn-vneid',
    name: 'VNeID',
    note: 'Sandbox mock, illustrative: the levels are named as in Decree 69/2024, the protocol is unpublished.',
  },
  issuingAuthority: 'Bộ Công an (sandbox mock)',
  levels: [
    { national: 'level 1 / authentication 1', proofing: 'low', authn: 'low' },
    { national: 'level 1 / authentication 2', proofing: 'low', authn: 'low' },
    { national: 'level 2 / authentication 3', proofing: 'substantial', authn: 'substantial' },
    { national: 'level 2 / authentication 4', proofing: 'high', authn: 'high' },
  ],
  identifiers: [
    identifierRule({
      scheme: 'vn-personal-id',
      label: 'Personal identification number',
      crossesBorders: true,
      note: 'Tells sex, year and place of birth; provinces merged in 2025 live on in it.',
      written: [/^\d{12}$/, 'twelve digits'],
      holds: [
        ['the first three digits are a province, 001 to 096, or a country, from 100', hasPlace],
        [
          'the fourth digit is 0 to 3, for the centuries that have come',
          (number) => /^\d{3}[0-3]/.test(number),
        ],
      ],
    }),
    identifierRule({
      scheme: 'vn-mst',
      label: 'Tax code',
      crossesBorders: true,
      written: [
        /^\d{10}(?:-?\d{3})?$/,
        'ten digits, for a branch with a hyphen or none and three more',
      ],
      holds: [
        ['the tenth digit is the check digit modulo 11', hasTaxCheckDigit],
        ['branches are counted from 001', (number) => number.slice(10) !== '000'],
      ],
    }),
    lei,
  ],
  personas: [
    {
      id: 'vn-nguyen-thi-an',
      kind: 'natural',
      identifiers: [{ scheme: 'vn-personal-id', value: '001190999901' }],
      national: 'level 2 / authentication 4',
      person: {
        name: 'Nguyễn Thị An',
        name_order: 'family-first',
        ...born('1990-05-19'),
        place_of_birth: { country: 'VN', region: 'Hà Nội' },
        nationalities: ['VN'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'Số 99, phố Thử Nghiệm, phường Hoàn Kiếm, thành phố Hà Nội',
          country: 'VN',
          street_address: 'Số 99, phố Thử Nghiệm',
          admin_area_1: 'Hà Nội',
          admin_area_2: 'Hoàn Kiếm',
        },
        document_type: 'identity_card',
        document_number: 'VNT000001',
      },
    },
    {
      id: 'vn-tran-van-binh',
      kind: 'natural',
      identifiers: [{ scheme: 'vn-personal-id', value: '001090000001' }],
      national: 'level 2 / authentication 3',
      person: {
        name: 'Trần Văn Bình',
        name_order: 'family-first',
        ...born('1990-10-03'),
        place_of_birth: { country: 'VN', region: 'Hà Nội' },
        nationalities: ['VN'],
        residence_status: 'citizen',
        sex: 1,
        address: {
          formatted: 'Số 98, đường Thử Nghiệm, phường Hải Châu, thành phố Đà Nẵng',
          country: 'VN',
          street_address: 'Số 98, đường Thử Nghiệm',
          admin_area_1: 'Đà Nẵng',
          admin_area_2: 'Hải Châu',
        },
        document_type: 'identity_card',
        document_number: 'VNT000002',
      },
    },
    {
      id: 'vn-vo-ngoc-lan',
      kind: 'natural',
      identifiers: [{ scheme: 'vn-personal-id', value: '079304000002' }],
      national: 'level 1 / authentication 2',
      person: {
        name: 'Võ Ngọc Lan',
        name_order: 'family-first',
        ...born('2004-12-24'),
        place_of_birth: { country: 'VN', region: 'Thành phố Hồ Chí Minh' },
        nationalities: ['VN'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'Số 97, đường Thử Nghiệm, phường Sài Gòn, Thành phố Hồ Chí Minh',
          country: 'VN',
          street_address: 'Số 97, đường Thử Nghiệm',
          admin_area_1: 'Thành phố Hồ Chí Minh',
          admin_area_2: 'Sài Gòn',
        },
        document_type: 'identity_card',
        document_number: 'VNT000003',
      },
    },
    {
      id: 'vn-le-thi-hanh',
      kind: 'natural',
      identifiers: [{ scheme: 'vn-personal-id', value: '087148999904' }],
      national: 'level 1 / authentication 1',
      person: {
        name: 'Lê Thị Hạnh',
        name_order: 'family-first',
        ...born('1948'),
        place_of_birth: { country: 'VN', region: 'Đồng Tháp' },
        nationalities: ['VN'],
        residence_status: 'citizen',
        sex: 2,
        address: {
          formatted: 'Ấp Thử Nghiệm, xã Mỹ Thọ, tỉnh Đồng Tháp',
          country: 'VN',
          street_address: 'Ấp Thử Nghiệm',
          admin_area_1: 'Đồng Tháp',
          admin_area_2: 'Mỹ Thọ',
        },
        document_type: 'identity_card',
        document_number: 'VNT000004',
      },
    },
    {
      id: 'vn-pham-minh-duc',
      kind: 'natural',
      identifiers: [{ scheme: 'vn-personal-id', value: '031209999905' }],
      national: 'level 2 / authentication 3',
      person: {
        name: 'Phạm Minh Đức',
        name_order: 'family-first',
        ...born('2009-07-11'),
        place_of_birth: { country: 'VN', region: 'Hải Phòng' },
        nationalities: ['VN'],
        residence_status: 'citizen',
        sex: 1,
        address: {
          formatted: 'Số 95, đường Thử Nghiệm, phường Hồng Bàng, thành phố Hải Phòng',
          country: 'VN',
          street_address: 'Số 95, đường Thử Nghiệm',
          admin_area_1: 'Hải Phòng',
          admin_area_2: 'Hồng Bàng',
        },
        document_type: 'identity_card',
        document_number: 'VNT000005',
      },
    },
  ],
}
