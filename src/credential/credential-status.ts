/**
 * What an issuer says of a credential, in the words of Token Status List 7.1 and in the order of its
 * values from 0 on. `invalid` is final: the credential is revoked.
 */
export const credentialStatuses = ['valid', 'invalid', 'suspended'] as const
export type CredentialStatus = (typeof credentialStatuses)[number]
