import type { CredentialCheck } from '../credential/sd-jwt-vc.ts'
import type { TrustCheck } from '../trust/judge.ts'
import type { QueryCheck } from './dcql-evaluate.ts'
import type { TransactionDataCheck } from './judge-transaction-data.ts'

export type PresentationCheck =
  | QueryCheck
  | TransactionDataCheck
  | 'response.shape'
  | 'response.error'
  | 'query.issuers'
  | 'query.surplus'
  | 'status.list'
  | 'status.value'
  | 'purpose.claims'

/** Every check whose outcome a report can tell. */
export type Check = CredentialCheck | TrustCheck | PresentationCheck

/** The rule that a check holds to, and what to do when it fails. */
type Entry = { spec: string; remedy: string }

/**
 * The closed catalogue of checks. The ids are stable: relying parties, the console, the command line
 * and the conformance report know the checks by them. An id without an entry does not compile.
 */
export const checks: { readonly [Id in Check]: Entry } = {
  'response.shape': {
    spec: 'OpenID4VP 1.0 8.1',
    remedy: 'Send vp_token as an object: each credential query id with an array of presentations.',
  },
  'response.error': {
    spec: 'OpenID4VP 1.0 8.5',
    remedy: 'Ask the person whether to try again, or ask for less, or for another credential.',
  },
  'response.transaction_data': {
    spec: 'OpenID4VP 1.0 8.4',
    remedy: 'The wallet puts the hash of each transaction into the proof of one credential named.',
  },

  'credential.format': {
    spec: 'RFC 9901 4',
    remedy: 'Present an SD-JWT+KB in compact form, of bounded size.',
  },
  'credential.header': {
    spec: 'SD-JWT VC 2.2.1; HAIP 1.0 6.1.1',
    remedy: 'The issuer signs with ES256, typ dc+sd-jwt, and its certificates in x5c.',
  },
  'credential.chain': {
    spec: 'HAIP 1.0 6.1.1; RFC 5280 6.1',
    remedy: 'The issuer sends leaf and intermediates, in date, below an anchor of the registry.',
  },
  'credential.signature': {
    spec: 'RFC 9901 7.1',
    remedy: 'Present the credential as it was issued; if it was, have it issued anew.',
  },
  'credential.disclosures': {
    spec: 'RFC 9901 7.1',
    remedy: 'Present disclosures as they were issued, each once, and none that belongs nowhere.',
  },
  'credential.claims': {
    spec: 'SD-JWT VC 2.2.2',
    remedy: 'The issuer includes the registered claims in their types; status by status_list only.',
  },
  'credential.issuer': {
    spec: 'SD-JWT VC 2.5; RFC 5280 4.2.1.6',
    remedy: 'The issuer signs with a certificate whose alternative names cover its iss.',
  },
  'credential.validity': {
    spec: 'RFC 9901 7.1; RFC 7519 4.1.4',
    remedy: 'Have the credential renewed, or wait until it is valid; check the clocks.',
  },

  'key_binding.present': {
    spec: 'RFC 9901 7.3; HAIP 1.0 6.1.1.1',
    remedy: 'The wallet adds a key binding JWT, and the issuer binds the credential to a key.',
  },
  'key_binding.header': {
    spec: 'RFC 9901 4.3',
    remedy: 'The wallet signs the key binding JWT with ES256 and typ kb+jwt.',
  },
  'key_binding.signature': {
    spec: 'RFC 9901 7.3',
    remedy: 'The wallet signs with the very key that the credential is bound to.',
  },
  'key_binding.nonce': {
    spec: 'OpenID4VP 1.0 14.2',
    remedy: 'The wallet uses the nonce of this request; an older presentation is never accepted.',
  },
  'key_binding.audience': {
    spec: 'OpenID4VP 1.0 B.3.6',
    remedy: 'The wallet sets aud to the client_id of the request, with its prefix.',
  },
  'key_binding.time': {
    spec: 'RFC 9901 7.3',
    remedy: 'Check the clock of the wallet: iat may be 5 minutes old and 10 seconds ahead.',
  },
  'key_binding.sd_hash': {
    spec: 'RFC 9901 4.3.1',
    remedy: 'The wallet hashes the presentation exactly as it sends it.',
  },
  'key_binding.transaction_data': {
    spec: 'OpenID4VP 1.0 B.3.3.1',
    remedy: 'The wallet hashes transaction_data with sha-256, each string exactly as it was sent.',
  },

  'status.list': {
    spec: 'Token Status List 8.3',
    remedy: 'The issuer publishes a signed status list that is in date; try again later.',
  },
  'status.value': {
    spec: 'Token Status List 7.1',
    remedy: 'Ask the issuer why it suspended or revoked the credential, or for a new one.',
  },

  'trust.anchor': {
    spec: 'RFC 5280 6.1',
    remedy: 'The issuing state registers its certificate authority, or lifts the suspension.',
  },
  'trust.issuer': {
    spec: 'TRQP 2.0 authorization',
    remedy: 'The issuing state authorises this issuer for this credential type in the registry.',
  },
  'trust.recognition': {
    spec: 'gerbang recognition (illustrative)',
    remedy: 'Ask for a credential of a state that yours recognises for this purpose.',
  },
  'assurance.proofing': {
    spec: '(EU) 2015/1502 2.1',
    remedy: 'Ask for a credential whose holder was identified at the level this purpose needs.',
  },
  'assurance.authn': {
    spec: '(EU) 2015/1502 2.2',
    remedy: 'Ask for a credential issued after a login at the level this purpose needs.',
  },

  'query.type': {
    spec: 'OpenID4VP 1.0 B.3.5',
    remedy: 'Present a credential of a type and format that was asked for.',
  },
  'query.authorities': {
    spec: 'OpenID4VP 1.0 6.1.1',
    remedy: 'Present a credential of an authority that was asked for.',
  },
  'query.issuers': {
    spec: 'OpenID4VP 1.0 14.11',
    remedy: 'Present a credential of a state that was asked for.',
  },
  'query.claims': {
    spec: 'OpenID4VP 1.0 6.4.1',
    remedy: 'Present all claims that were asked for; if the credential lacks one, use another.',
  },
  'query.values': {
    spec: 'OpenID4VP 1.0 6.3',
    remedy: 'Present a credential whose claims have a value that was asked for.',
  },
  'query.credentials': {
    spec: 'OpenID4VP 1.0 6.4.2',
    remedy: 'Present every credential that the request requires, each of them valid.',
  },
  'query.surplus': {
    spec: 'OpenID4VP 1.0 6.4.1',
    remedy: 'The wallet shows no more than it was asked for.',
  },

  'purpose.claims': {
    spec: 'gerbang purpose (illustrative)',
    remedy: 'Ask for no more than the registry permits for the purpose.',
  },
}
