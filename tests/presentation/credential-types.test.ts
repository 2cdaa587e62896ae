import { describe, expect, it } from 'vitest'
import {
  doctypeOf,
  placeOf,
  registryClaim,
  registryType,
} from '../../src/presentation/credential-types.ts'

const doctype = 'org.gerbang.pid.1'
const pid = 'urn:gerbang:pid:1'

describe('the registry knows', () => {
  it('one type for both formats', () => {
    expect(registryType('mso_mdoc', doctype)).toBe(pid)
    expect(registryType('dc+sd-jwt', pid)).toBe(pid)
    expect(doctypeOf(pid)).toBe(doctype)
  })

  it.each([
    ['mso_mdoc', 'org.iso.18013.5.1.mDL'],
    // What one format calls it is no name in the other.
    ['dc+sd-jwt', doctype],
    ['mso_mdoc', 'constructor'],
  ])('%s of the type %s by itself', (format, type) => {
    expect(registryType(format, type)).toBe(type)
    expect(placeOf(format, type, ['name'])).toEqual(['name'])
    expect(registryClaim(format, type, ['a', 'b'])).toEqual({
      credentialType: type,
      path: ['a', 'b'],
    })
  })

  it('an element by its name, where its namespace goes without saying', () => {
    const claim = { credentialType: pid, path: ['name'] }
    expect(registryClaim('mso_mdoc', doctype, [doctype, 'name'])).toEqual(claim)
    expect(placeOf('mso_mdoc', doctype, ['name'])).toEqual([doctype, 'name'])
    expect(registryClaim('mso_mdoc', doctype, ['org.other', 'name'])).toEqual({
      credentialType: doctype,
      path: ['org.other', 'name'],
    })
  })
})
