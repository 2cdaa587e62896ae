import type { CredentialStatus } from '../credential/credential-status.ts'
import { type Finding, fail, pass, type Result, skip } from '../result.ts'

type StatusReference = { uri: string; idx: number }

/**
 * The status of a credential as of an instant. `undefined`: nobody can know it as of then, as where a
 * list tells of the present alone. The refusal says why it cannot be known now.
 */
export type StatusOf = (
  reference: StatusReference,
  /** Entity identifier. */
  issuer: string,
  at: Date,
) => Promise<Result<CredentialStatus | undefined, string>>

/**
 * `status` is `null` for a credential that has none, or whose status cannot be known as of then; it is
 * not there where it should have been found and was not.
 */
export type FoundStatus = {
  findings: Finding<'status.list' | 'status.value'>[]
  status?: CredentialStatus | null
}

/**
 * Finds the status of a credential by what it refers to, and judges it. A list is asked for only on
 * behalf of an issuer that we believe, of a credential with which nothing else is wrong (Token Status List
 * 8.3): anyone else could send us anywhere, and a list tells its issuer that somebody was asked.
 */
export async function findStatus(
  { statusOf }: { statusOf: StatusOf },
  reference: StatusReference | undefined,
  issuer: string | undefined,
  at: Date,
): Promise<FoundStatus> {
  if (!reference) {
    const why = 'The credential has no status reference: it ends by itself.'
    return { findings: neither(why), status: null }
  }
  if (issuer === undefined) {
    return { findings: neither('Not asked: the credential is refused for something else.') }
  }
  const status = await statusOf(reference, issuer, at)
  if (!status.ok) {
    const unknown = skip('status.value', 'Not known without the list.')
    return { findings: [fail('status.list', status.error), unknown] }
  }
  if (status.value === undefined) {
    const why =
      'Cannot be known as of then: the status list of this issuer tells of the present only.'
    return { findings: neither(why), status: null }
  }
  const found = pass('status.list', 'The status could be looked up.')
  return { findings: [found, valueFinding(status.value)], status: status.value }
}

const neither = (why: string) => [skip('status.list', why), skip('status.value', why)]

const words = { invalid: 'revoked', suspended: 'suspended' }

const valueFinding = (status: CredentialStatus) =>
  status === 'valid'
    ? pass('status.value', 'The credential is valid.')
    : fail('status.value', `The credential is ${words[status]}.`)
