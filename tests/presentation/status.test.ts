import { describe, expect, it } from 'vitest'
import { findStatus, type StatusOf } from '../../src/presentation/status.ts'
import { ok, refuse } from '../../src/result.ts'

const reference = { uri: 'https://issuer.example/status-lists/1', idx: 7 }
const issuer = 'https://issuer.example/issuers/vn'
const at = new Date('2026-11-21T10:00:00Z')

describe('the status of a credential is what its issuer says', () => {
  it.each<[string, Awaited<ReturnType<StatusOf>>, string | null | undefined, string[]]>([
    ['valid', ok('valid'), 'valid', ['pass', 'pass']],
    ['invalid', ok('invalid'), 'invalid', ['pass', 'fail']],
    ['suspended', ok('suspended'), 'suspended', ['pass', 'fail']],
    ['or not known', refuse('The list has expired.'), undefined, ['fail', 'skip']],
    ['or nobody can know it as of then', ok(undefined), null, ['skip', 'skip']],
  ])('%s', async (_, said, status, outcomes) => {
    const asked: unknown[] = []
    const statusOf: StatusOf = async (...of) => {
      asked.push(of)
      return said
    }
    const found = await findStatus({ statusOf }, reference, issuer, at)
    expect(found.status).toBe(status)
    expect(found.findings.map(({ check }) => check)).toEqual(['status.list', 'status.value'])
    expect(found.findings.map(({ outcome }) => outcome)).toEqual(outcomes)
    expect(asked).toEqual([[reference, issuer, at]])
  })
})

describe('nobody is asked', () => {
  it.each<[string, typeof reference | undefined, string | undefined, null | undefined]>([
    ['where there is no reference: there is no status', undefined, issuer, null],
    ['on behalf of an issuer that is not known: it is not known', reference, undefined, undefined],
  ])('%s', async (_, of, by, status) => {
    const statusOf = () => Promise.reject(new Error('somebody was asked'))
    const found = await findStatus({ statusOf }, of, by, at)
    expect(found.status).toBe(status)
    expect(found.findings.map(({ outcome }) => outcome)).toEqual(['skip', 'skip'])
  })
})
