import { encodeBase64url } from '../credential/base64url.ts'
import type { CredentialStatus } from '../credential/credential-status.ts'
import type { Random } from '../platform/random.ts'

/** A status list of an issuer, by its country; the newest one takes new credentials. */
export type StatusListRow = { id: string; issuer: string; number: number }

/** `issuer` as in `StatusListRow`. */
export type IssuedStatus = { issuer: string; status: CredentialStatus }

export type StatusListStore = {
  newestOf(issuer: string): Promise<{ id: string; number: number } | undefined>
  /** Adds a list, unless the issuer has one of this number already. */
  open(list: StatusListRow): Promise<void>
  issuerOf(list: string): Promise<string | undefined>
  /** The id of the list's last event, 0 before the first. */
  newestEvent(list: string): Promise<number>
  /** The events of a list until one of them, oldest first. */
  events(list: string, upTo: number): Promise<{ idx: number; status: CredentialStatus }[]>
  /** By whom a credential was issued, and its status at an instant; undefined for any other index. */
  statusAt(list: string, idx: number, at: Date): Promise<IssuedStatus | undefined>
  /** Adds an event, unless the index was never issued or is invalid for good; false then. */
  append(event: {
    statusList: string
    idx: number
    status: CredentialStatus
    at: Date
  }): Promise<boolean>
}

/** Entries in a list: a power of two, so that three random bytes make an index without bias. */
export const statusListSize = 2 ** 20

const prefix = ({ origin }: { origin: string }) => `${origin}/status-lists/`

export const statusListUri = (deps: { origin: string }, id: string): string =>
  `${prefix(deps)}${id}`

/** The id in the URI of one of our own lists; undefined for anybody else's. */
export const statusListId = (deps: { origin: string }, uri: string): string | undefined =>
  uri.startsWith(prefix(deps)) ? uri.slice(prefix(deps).length) : undefined

/** An index that tells nothing of when, or after whom, a credential was issued. */
export function randomIndex(random: Random): number {
  return random(3).reduce((number, byte) => number * 256 + byte, 0) % statusListSize
}

type Deps = { random: Random; statusLists: StatusListStore }

/** The list that takes an issuer's new credentials. */
export async function newestStatusList(deps: Deps, issuer: string) {
  return (await deps.statusLists.newestOf(issuer)) ?? openStatusList(deps, issuer, 0)
}

/** Opens a list; of two that open the same number at once, both get the one that was first. */
export async function openStatusList(
  { random, statusLists }: Deps,
  issuer: string,
  number: number,
): Promise<{ id: string; number: number }> {
  await statusLists.open({ id: encodeBase64url(random(16)), issuer, number })
  const list = await statusLists.newestOf(issuer)
  if (!list) throw new Error(`the status list of ${issuer} was not opened`)
  return list
}
