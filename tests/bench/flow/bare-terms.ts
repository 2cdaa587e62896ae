import { checks } from '../../../src/presentation/checks.ts'

// What a server by hand knows instead of a registry: one purpose, one state, one recognition.

export const permitted = {
  purpose: 'bank-kyc',
  vct: 'urn:gerbang:pid:1',
  paths: new Set(['name', 'birthdate', 'nationalities', 'address.country', 'address.formatted']),
}

export const recognition = {
  national: 'level 2 / authentication 4',
  relied: {
    id: 'urn:gerbang:recognition:sg-vn',
    recogniser: 'SG',
    recognised: 'VN',
    agreement: 'urn:gerbang:agreement:sandbox:sg-vn',
  },
}

const passed = Object.entries(checks).map(([id, { spec }]) => ({
  ...{ id, outcome: 'pass', detail: 'It is as the specification wants it to be.', spec },
  remedy: null,
}))

/** The same for every good answer. */
export const report = JSON.stringify({ outcome: 'verified', checks: passed })
export const reportedChecks = passed.map(({ id, outcome }) => ({ id, outcome }))
