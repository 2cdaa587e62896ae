import type * as z from 'zod/mini'

/**
 * Throws a plain sentence that names the rule, when the other side broke it.
 *
 * The wallet is a client: it has nobody to answer to but the person who holds it, so that a breach
 * by an issuer or a verifier ends what it was doing.
 */
export function insist(kept: unknown, sentence: string): asserts kept {
  if (!kept) throw new Error(sentence)
}

/** The value in the shape that a standard prescribes for it, or a sentence that says where it is not. */
export function insistShape<T extends z.ZodMiniType>(
  shape: T,
  value: unknown,
  what: string,
): z.output<T> {
  const { success, data, error } = shape.safeParse(value)
  const fault = error?.issues[0]
  insist(success, `${what} is malformed at /${fault?.path.join('/')}`)
  return data as z.output<T>
}

/** An https URL without user or fragment; the sandbox's `http://localhost` stands in for it. */
export function insistUrl(text: string, what: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined
  insist(url, `${what} is no URL`)
  const secure =
    url.protocol === 'https:' || (url.protocol === 'http:' && url.hostname === 'localhost')
  insist(secure, `${what} is neither https nor http://localhost`)
  insist(!url.username && !url.password && !url.hash, `${what} has a user or a fragment`)
  return url
}
