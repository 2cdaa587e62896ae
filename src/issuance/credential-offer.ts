import { openUnder, sealUnder } from '../credential/jwe.ts'
import { newSecret } from '../credential/secret.ts'
import type { Refusal } from '../errors.ts'
import type { Clock } from '../platform/clock.ts'
import type { Random } from '../platform/random.ts'
import { ok, type Result, refuse } from '../result.ts'
import { configurationsFor } from './credential-configurations.ts'
import { type Grant, sealGrant, type Validity } from './grant.ts'
import type { Issuer } from './issuer.ts'
import { hashOfSecret, hashOfTxCode } from './secret.ts'

export const preAuthorizedCodeGrant = 'urn:ietf:params:oauth:grant-type:pre-authorized_code'

/** A credential offer as wallets read it (OpenID4VCI 1.0 4.1.1). */
export type CredentialOffer = {
  credential_issuer: string
  credential_configuration_ids: string[]
  grants: {
    [preAuthorizedCodeGrant]: {
      'pre-authorized_code': string
      tx_code?: { input_mode: 'numeric'; length: number; description: string }
    }
  }
}

export type OfferStore = {
  add(offer: {
    idHash: string
    issuer: string
    sealedOffer: string
    codeHash: string
    sealedGrant: string
    txCodeHash?: string
    expiresAt: Date
  }): Promise<void>
  /** The sealed offer, until it expires. */
  find(issuer: string, idHash: string, now: Date): Promise<string | undefined>
}

export type OfferDeps = { clock: Clock; random: Random; offers: OfferStore }

export type OfferRequest = {
  persona: string
  configurationIds: string[]
  txCode: boolean
  validity: Validity
}

/** How long an offer can be taken up: time to find a phone, no more (OpenID4VCI 1.0 4.1.1). */
const lifetime = 600_000

const context = 'gerbang credential offer 1'

/**
 * Offers a person credentials, without any login: who makes offers must know whom they are for.
 *
 * The offer can be handed over as it is, or by `uri`. The transaction code is for the person, on
 * another channel.
 */
export async function createOffer(
  { clock, random, offers }: OfferDeps,
  issuer: Issuer,
  { persona: personaId, configurationIds, txCode: wantsTxCode, validity }: OfferRequest,
): Promise<
  Result<
    { offer: CredentialOffer; uri: string; txCode?: string },
    Refusal<'persona_unknown' | 'offer_not_possible'>
  >
> {
  const persona = issuer.state.personas.find(({ id }) => id === personaId)
  if (!persona) {
    return refuse({ code: 'persona_unknown', detail: 'This issuer has no such persona.' })
  }
  const possible = configurationsFor(persona).map(({ id }) => id)
  if (!isSetWithin(possible, configurationIds)) {
    const detail = `For this persona, offer one or more of ${possible.join(', ') || 'nothing'}, each once.`
    return refuse({ code: 'offer_not_possible', detail })
  }

  const [id, code] = [newSecret(random), newSecret(random)]
  const txCode = wantsTxCode ? newTxCode(random) : undefined
  const offer = offerOf(issuer, configurationIds, code, txCode)
  const grant: Grant = { persona: personaId, configurationIds, validity }
  await offers.add({
    idHash: await hashOfSecret(id),
    issuer: issuer.cc,
    sealedOffer: await sealUnder(id, context, JSON.stringify(offer)),
    codeHash: await hashOfSecret(code),
    sealedGrant: await sealGrant(code, grant),
    ...(txCode && { txCodeHash: await hashOfTxCode(code, txCode) }),
    expiresAt: new Date(clock().getTime() + lifetime),
  })
  return ok({ offer, uri: `${issuer.id}/offers/${id}`, ...(txCode && { txCode }) })
}

/** The offer behind a `credential_offer_uri` (OpenID4VCI 1.0 4.1.3), for as long as it stands. */
export async function readOffer(
  { clock, offers }: Pick<OfferDeps, 'clock' | 'offers'>,
  issuer: Issuer,
  id: string,
): Promise<Result<CredentialOffer, Refusal<'not_found'>>> {
  const sealed = await offers.find(issuer.cc, await hashOfSecret(id), clock())
  const text = sealed && (await openUnder(id, context, sealed))
  if (!text) return refuse({ code: 'not_found', detail: 'There is no such offer, or it expired.' })
  return ok(JSON.parse(text) as CredentialOffer)
}

function offerOf(
  issuer: Issuer,
  configurationIds: string[],
  code: string,
  txCode: string | undefined,
): CredentialOffer {
  return {
    credential_issuer: issuer.id,
    credential_configuration_ids: configurationIds,
    grants: {
      [preAuthorizedCodeGrant]: {
        'pre-authorized_code': code,
        ...(txCode && {
          tx_code: {
            input_mode: 'numeric',
            length: txCode.length,
            description: `The code that ${issuer.state.scheme.name} gave you`,
          },
        }),
      },
    },
  }
}

/** Six digits. 48 random bits, so that no code is noticeably likelier than another. */
function newTxCode(random: Random): string {
  const number = random(6).reduce((sum, byte) => sum * 256 + byte, 0)
  return String(number % 1_000_000).padStart(6, '0')
}

const isSetWithin = (possible: readonly string[], chosen: readonly string[]): boolean =>
  chosen.length > 0 &&
  new Set(chosen).size === chosen.length &&
  chosen.every((id) => possible.includes(id))
