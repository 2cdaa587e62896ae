import { toNumericDate } from '../credential/numeric-date.ts'
import type { AccessKey } from './access-key.ts'
import type { Terms } from './transaction.ts'

/** The header of a signed request: no trust anchor is in `x5c` (OpenID4VP 1.0 5, HAIP 1.0 5). */
export const signedHeader = ({ x5c }: AccessKey) => ({ typ: 'oauth-authz-req+jwt', x5c: [...x5c] })

/** What is signed beside the parameters (RFC 9101 4, OpenID4VP 1.0 5.8). */
export const signedClaims = ({ expiresAt }: Pick<Terms, 'expiresAt'>, now: Date) => ({
  aud: 'https://self-issued.me/v2',
  iat: toNumericDate(now),
  exp: toNumericDate(expiresAt),
})

/** Who asks, as its registrar says it (OpenID4VP 1.0 5.1). */
export const verifierInfo = (registration: string) => [
  { format: 'registration_cert', data: registration },
]
