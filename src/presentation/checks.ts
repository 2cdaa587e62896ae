import type { CredentialCheck } from '../credential/credential-check.ts'
import type { TrustCheck } from '../trust/judge.ts'
import type { QueryCheck } from './dcql-evaluate.ts'
import type { TransactionDataCheck } from './judge-transaction-data.ts'

export type PresentationCheck =
  | QueryCheck
  | TransactionDataCheck
  | 'response.shape'
  | 'response.error'
  | 'response.code'
  | 'query.issuers'
  | 'query.surplus'
  | 'status.list'
  | 'status.value'
  | 'purpose.claims'

/** Every check whose outcome a report can tell. */
export type Check = CredentialCheck | TrustCheck | PresentationCheck

/** What must hold, where that is laid down, and what to do when it does not hold. */
type Entry = { rule: string; spec: string; remedy: string }

/**
 * The closed catalogue of checks. The ids are stable: relying parties, the console, the command line
 * and the conformance report know the checks by them. An id without an entry does not compile.
 */
export const checks: { readonly [Id in Check]: Entry } = {
  'response.shape': {
    rule: 'vp_token is an object: ids of credential queries, each with an array of presentations.',
    spec: 'OpenID4VP 1.0 8.1',
    remedy: 'Send vp_token as an object: each credential query id with an array of presentations.',
  },
  'response.error': {
    rule: 'The wallet sent an answer, not an error.',
    spec: 'OpenID4VP 1.0 8.5',
    remedy: 'Ask the person whether to try again, or ask for less, or for another credential.',
  },
  'response.code': {
    rule: 'On one device, the browser that the person started in comes back with the response code.',
    spec: 'HAIP 1.0 5.1; OpenID4VP 1.0 14.3',
    remedy: 'Read the result with the response_code that the browser brought, within ten minutes.',
  },
  'response.transaction_data': {
    rule: 'Each transaction of the request is authorised, in time, by one of the credentials it names.',
    spec: 'OpenID4VP 1.0 8.4',
    remedy:
      'The wallet puts the hash of each transaction, in time, into the proof of one credential named.',
  },

  'credential.format': {
    rule: 'A compact SD-JWT with a JSON payload, or a DeviceResponse of one document in definite CBOR; of bounded size, depth and number.',
    spec: 'RFC 9901 4; OpenID4VP 1.0 B.2.5',
    remedy:
      'Present an SD-JWT+KB in compact form, or one document in a DeviceResponse, of bounded size.',
  },
  'credential.header': {
    rule: 'typ is dc+sd-jwt, alg is ES256, and x5c is there; in an mdoc alg is protected, and x5chain there.',
    spec: 'SD-JWT VC 2.2.1; HAIP 1.0 6.1.1; ISO/IEC 18013-5 9.1.2.4',
    remedy:
      'The issuer signs with ES256, typ dc+sd-jwt (no mdoc has one), and its certificates in x5c or x5chain.',
  },
  'credential.chain': {
    rule: 'The certificates lead to an anchor of the registry, and every one is good for its part: the first of an mdoc for signing documents.',
    spec: 'HAIP 1.0 6.1.1; RFC 5280 6.1; ISO/IEC 18013-5 9.3.3',
    remedy: 'The issuer sends leaf and intermediates, in date, below an anchor of the registry.',
  },
  'credential.signature': {
    rule: 'The first certificate signed these very bytes.',
    spec: 'RFC 9901 7.1; ISO/IEC 18013-5 9.1.2.4',
    remedy: 'Present the credential as it was issued; if it was, have it issued anew.',
  },
  'credential.disclosures': {
    rule: 'Every disclosure, and every element of an mdoc, belongs to exactly one digest that the issuer signed.',
    spec: 'RFC 9901 7.1; ISO/IEC 18013-5 9.1.2.5',
    remedy:
      'Present disclosures or elements as they were issued, each once, and none that belongs nowhere.',
  },
  'credential.claims': {
    rule: 'vct and the other registered claims are well-formed and in the open; of an mdoc, the security object is, and its docType is that of the document.',
    spec: 'SD-JWT VC 2.2.2; ISO/IEC 18013-5 9.1.2.4',
    remedy:
      'The issuer includes what is registered in its types, and all of it signed; status by status_list only.',
  },
  'credential.issuer': {
    rule: 'iss is among the names of the signing certificate; of an mdoc, the issuer is the one URI that is.',
    spec: 'SD-JWT VC 2.5; RFC 5280 4.2.1.6',
    remedy:
      'The issuer signs with a certificate whose alternative names cover its iss, or name it as their one URI.',
  },
  'credential.validity': {
    rule: 'The instant lies within nbf and exp, or validFrom and validUntil; iat is past; aud is this verifier.',
    spec: 'RFC 9901 7.1; RFC 7519 4.1.4; ISO/IEC 18013-5 9.1.2.4',
    remedy: 'Have the credential renewed, or wait until it is valid; check the clocks.',
  },

  'key_binding.present': {
    rule: 'A key binding JWT follows the last tilde; of an mdoc, the device signed, and sent no MAC.',
    spec: 'RFC 9901 7.3; HAIP 1.0 6.1.1.1; ISO/IEC 18013-5 9.1.3',
    remedy:
      'The wallet adds a key binding JWT or a device signature, and the issuer binds the credential to a key.',
  },
  'key_binding.header': {
    rule: 'typ is kb+jwt and alg is ES256; of a device signature, alg is protected and the payload detached.',
    spec: 'RFC 9901 4.3; ISO/IEC 18013-5 9.1.3',
    remedy: 'The wallet signs with ES256, a key binding JWT with typ kb+jwt.',
  },
  'key_binding.signature': {
    rule: 'The key in cnf.jwk signed the key binding JWT; of an mdoc, deviceKey signed the session of this request.',
    spec: 'RFC 9901 7.3; OpenID4VP 1.0 B.2.6',
    remedy:
      'The wallet signs with the very key that the credential is bound to; of an mdoc, over this very request.',
  },
  'key_binding.nonce': {
    rule: 'nonce is the one of this request.',
    spec: 'OpenID4VP 1.0 14.2',
    remedy: 'The wallet uses the nonce of this request; an older presentation is never accepted.',
  },
  'key_binding.audience': {
    rule: 'aud is the whole client_id of this verifier, or origin: and the origin of its page.',
    spec: 'OpenID4VP 1.0 B.3.6, A.4',
    remedy:
      'The wallet sets aud to the client_id with its prefix; for a page, to origin: and its origin.',
  },
  'key_binding.time': {
    rule: 'iat is at most 5 minutes old and 10 seconds ahead.',
    spec: 'RFC 9901 7.3',
    remedy: 'Check the clock of the wallet: iat may be 5 minutes old and 10 seconds ahead.',
  },
  'key_binding.sd_hash': {
    rule: 'sd_hash covers the credential and its disclosures exactly as sent.',
    spec: 'RFC 9901 4.3.1',
    remedy: 'The wallet hashes the presentation exactly as it sends it.',
  },
  'key_binding.transaction_data': {
    rule: 'The proof authorises no transaction but those that were asked of this credential.',
    spec: 'OpenID4VP 1.0 B.3.3.1',
    remedy: 'The wallet hashes transaction_data with sha-256, each string exactly as it was sent.',
  },

  'status.list': {
    rule: 'The status can be looked up, by a list in date signed for the state of the issuer.',
    spec: 'Token Status List 8.3',
    remedy: 'The issuer publishes a signed status list that is in date; try again later.',
  },
  'status.value': {
    rule: 'The status is VALID: neither suspended nor revoked.',
    spec: 'Token Status List 7.1',
    remedy: 'Ask the issuer why it suspended or revoked the credential, or for a new one.',
  },

  'trust.anchor': {
    rule: 'The anchor is in force, and so is the national authority it belongs to.',
    spec: 'RFC 5280 6.1',
    remedy: 'The issuing state registers its certificate authority, or lifts the suspension.',
  },
  'trust.issuer': {
    rule: 'The authority of that state authorises this issuer for this credential type.',
    spec: 'TRQP 2.0 authorization',
    remedy: 'The issuing state authorises this issuer for this credential type in the registry.',
  },
  'trust.recognition': {
    rule: 'The state of the relying party recognises that of the issuer for type and purpose.',
    spec: 'gerbang recognition (illustrative)',
    remedy: 'Ask for a credential of a state that yours recognises for this purpose.',
  },
  'assurance.proofing': {
    rule: 'The person was identified at the level that the purpose asks for.',
    spec: '(EU) 2015/1502 2.1',
    remedy: 'Ask for a credential whose holder was identified at the level this purpose needs.',
  },
  'assurance.authn': {
    rule: 'The person was logged in for issuance at the level that the purpose asks for.',
    spec: '(EU) 2015/1502 2.2',
    remedy: 'Ask for a credential issued after a login at the level this purpose needs.',
  },

  'query.type': {
    rule: 'Type (vct, or doctype of an mdoc) and format are among those asked for.',
    spec: 'OpenID4VP 1.0 B.2.3, B.3.5',
    remedy: 'Present a credential of a type and format that was asked for.',
  },
  'query.authorities': {
    rule: 'The certificate chain holds an authority that was asked for.',
    spec: 'OpenID4VP 1.0 6.1.1',
    remedy: 'Present a credential of an authority that was asked for.',
  },
  'query.issuers': {
    rule: 'The issuer is of a state that was asked for.',
    spec: 'OpenID4VP 1.0 14.11',
    remedy: 'Present a credential of a state that was asked for.',
  },
  'query.claims': {
    rule: 'Every claim that was asked for is there and says something.',
    spec: 'OpenID4VP 1.0 6.4.1',
    remedy: 'Present all claims that were asked for; if the credential lacks one, use another.',
  },
  'query.values': {
    rule: 'Every claim has a value that was asked for, of the same type.',
    spec: 'OpenID4VP 1.0 6.3',
    remedy: 'Present a credential whose claims have a value that was asked for.',
  },
  'query.credentials': {
    rule: 'Every credential that the request requires is there.',
    spec: 'OpenID4VP 1.0 6.4.2',
    remedy: 'Present every credential that the request requires, each of them valid.',
  },
  'query.surplus': {
    rule: 'No more is shown than was asked for; what goes beyond is named and dropped.',
    spec: 'OpenID4VP 1.0 6.4.1',
    remedy: 'The wallet shows no more than it was asked for.',
  },

  'purpose.claims': {
    rule: 'The registry permits the relying party all that it asks, for this purpose.',
    spec: 'gerbang purpose (illustrative)',
    remedy: 'Ask for no more than the registry permits for the purpose.',
  },
}
