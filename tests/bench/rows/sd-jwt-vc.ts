import { X509Certificate } from 'node:crypto'
import { keyPurposeIds } from '../../../src/credential/key-purpose.ts'
import { verifySdJwtVc as verifyOurs } from '../../../src/credential/sd-jwt-vc.ts'
import type { DcqlQuery } from '../../../src/presentation/dcql.ts'
import { judgeResponse } from '../../../src/presentation/judge-response.ts'
import { signReceipt } from '../../../src/presentation/receipt.ts'
import { entityIds } from '../../../src/trust/entity-id.ts'
import {
  assert,
  digest,
  type Expected,
  followChain,
  type Issuer,
  importPublic,
  verifyBytes,
  verifySdJwtVc,
} from '../by-hand.ts'
import { verifyWithJose } from '../peers/jose.ts'
import { verifyWithSdJwt } from '../peers/sd-jwt.ts'
import { type Contender, interleave } from '../rounds.ts'
import type { Extent, Row } from '../row.ts'
import { byStrangers, kyc, origin, type Presented, presented, type World, world } from '../world.ts'

const credentialUsage = keyPurposeIds.credential

/** The pieces of a presentation, cut before anything is measured. */
function pieces(presentation: string) {
  const end = presentation.lastIndexOf('~')
  const [jwt = '', ...disclosures] = presentation.slice(0, end).split('~')
  const cut = (jws: string) => ({
    input: Buffer.from(jws.slice(0, jws.lastIndexOf('.'))),
    signature: Buffer.from(jws.slice(jws.lastIndexOf('.') + 1), 'base64url'),
    payload: JSON.parse(Buffer.from(jws.split('.')[1] ?? '', 'base64url').toString()),
  })
  return {
    issuer: cut(jwt),
    holder: cut(presentation.slice(end + 1)),
    digests: disclosures.map((disclosure) => ({ disclosure, expected: digest(disclosure) })),
    bound: presentation.slice(0, end + 1),
  }
}

/** Cryptography alone: both signatures, the holder's key, a digest for each disclosure, and sd_hash. */
function cryptography({ issuer, holder, digests, bound }: ReturnType<typeof pieces>, by: Issuer) {
  assert(verifyBytes(by.key, issuer.input, issuer.signature), 'signature of the issuer')
  const holderKey = importPublic(issuer.payload.cnf.jwk)
  assert(verifyBytes(holderKey, holder.input, holder.signature), 'signature of the holder')
  for (const { disclosure, expected } of digests) assert(digest(disclosure) === expected, 'digest')
  assert(digest(bound) === holder.payload.sd_hash, 'sd_hash')
}

const floorDoes =
  'two ES256 verifications, import of the holder’s key, all digests; cut and parsed beforehand'

type Scene = { world: World; shown: Presented; expected: Omit<Expected, 'issuerOf'> }

async function scene(): Promise<Scene> {
  const made = await world()
  const shown = await presented(made)
  const { nonce, client_id: audience } = shown.request
  return { world: made, shown, expected: { at: made.now.getTime(), nonce, audience } }
}

async function verifyStrictly(
  text: string,
  { at, nonce, audience }: Scene['expected'],
  anchors: readonly { id: string; certificate: string }[],
) {
  const policy = { at: new Date(at), anchors, keyBinding: { nonce, audience } }
  const { findings, credential } = await verifyOurs(text, policy)
  assert(credential, JSON.stringify(findings.filter(({ outcome }) => outcome === 'fail')))
  assert(credential?.claims.name, 'the claims are there')
}

const oursDoes =
  'verifySdJwtVc: all fifteen checks told one by one, strict JSON, bounds, the policy’s anchors'

async function warm(extent: Extent) {
  const { world, shown, expected } = await scene()
  const text = shown.presentation
  const parts = pieces(text)
  const issuer = issuerOfVietNam(shown, world)
  const byHand: Expected = { ...expected, issuerOf: remembering(issuer) }
  const anchors = world.snapshot.anchors('issuer_ca', world.now)
  return interleave(extent, [
    { name: 'node:crypto', does: floorDoes, once: () => cryptography(parts, issuer) },
    { name: 'gerbang', does: oursDoes, once: () => verifyStrictly(text, expected, anchors) },
    ...others(() => text, byHand),
  ])
}

async function cold(extent: Extent) {
  const { world, shown, expected } = await scene()
  extent.progress('making issuers')
  const { anchor, strangers } = await byStrangers(shown, 1500, world.now)
  const anchorCertificate = new X509Certificate(Buffer.from(anchor.certificate, 'base64'))
  const anchorKey = anchorCertificate.publicKey
  const issuerOf = (x5c: readonly string[]) =>
    followChain(x5c, anchorCertificate, anchorKey, expected.at, credentialUsage)
  const cuts = strangers.map(({ presentation, x5c }) => ({ ...pieces(presentation), x5c }))
  const anchors = [...world.snapshot.anchors('issuer_ca', world.now), anchor]
  const nth = <T>(all: readonly T[], turn: number): T => all[turn % all.length] as T
  return interleave(extent, [
    {
      name: 'node:crypto',
      does: `${floorDoes}; both certificates read, their signatures, names, validity and usage`,
      once(turn) {
        const cut = nth(cuts, turn)
        cryptography(cut, issuerOf(cut.x5c))
      },
    },
    {
      name: 'gerbang',
      does: `${oursDoes}; each chain is seen for the first time`,
      once: (turn) => verifyStrictly(nth(strangers, turn).presentation, expected, anchors),
    },
    ...others((turn) => nth(strangers, turn).presentation, { ...expected, issuerOf }),
  ])
}

const others = (textOf: (turn: number) => string, expected: Expected): Contender[] => [
  {
    name: 'by hand',
    does: 'the same checks over node:crypto and JSON.parse, ending at the first fault',
    once: (turn) => assert(verifySdJwtVc(textOf(turn), expected).name, 'the claims are there'),
  },
  {
    name: 'jose by hand',
    does: 'jose verifies both JWSs; the rest as by hand',
    once: async (turn) =>
      assert((await verifyWithJose(textOf(turn), expected)).name, 'the claims are there'),
  },
  {
    name: '@sd-jwt',
    does: '@sd-jwt/sd-jwt-vc over node:crypto; what it leaves to its user as by hand',
    once: async (turn) =>
      assert((await verifyWithSdJwt(textOf(turn), expected)).name, 'the claims are there'),
  },
]

async function verdict(extent: Extent) {
  const { world, shown } = await scene()
  const { deps, snapshot, now } = world
  const { nonce, client_id: audience, dcql_query } = shown.request
  const relyingParty = entityIds(origin).relyingParty('bank-sg')
  const question = {
    ...{ nonce, audience, relyingParty, purpose: kyc.purpose, at: now },
    query: dcql_query as DcqlQuery,
  }
  const vpToken = shown.response.vp_token as Record<string, string[]>
  const parts = pieces(shown.presentation)
  const issuer = issuerOfVietNam(shown, world)
  return interleave(extent, [
    { name: 'node:crypto', does: floorDoes, once: () => cryptography(parts, issuer) },
    {
      name: 'gerbang',
      does: 'judgeResponse (credential, trust, status from the database, DCQL, purpose) and signReceipt',
      async once() {
        const verdict = await judgeResponse(deps, question, snapshot, vpToken)
        assert(verdict.outcome === 'verified', 'verified')
        const subject = {
          terms: { id: 'x', purpose: kyc.purpose, relyingParty },
          ...({ challengeBy: 'gateway', audience, verdict, at: now, now } as const),
          ledgerPosition: snapshot.position,
        }
        assert((await signReceipt(deps, subject)).length > 500, 'a receipt')
      },
    },
  ])
}

/** The issuer's key and names as one remembers them after the first time. */
function issuerOfVietNam({ presentation }: Presented, { deps }: World): Issuer {
  const [head = ''] = presentation.split('.', 1)
  const { x5c } = JSON.parse(Buffer.from(head, 'base64url').toString())
  const der = deps.config.keys.anchors['issuer-vn'] ?? ''
  const anchor = new X509Certificate(Buffer.from(der, 'base64'))
  return followChain(x5c, anchor, anchor.publicKey, Date.now(), credentialUsage)
}

const remembering = (issuer: Issuer) => {
  const known = new Map<string, Issuer>()
  return (x5c: readonly string[]): Issuer => {
    const name = x5c.join()
    const found = known.get(name)
    if (found) return found
    known.set(name, issuer)
    return issuer
  }
}

export const sdJwtVcRows: Row[] = [
  {
    id: 'sd-jwt-vc-warm',
    work: 'verify SD-JWT VC + KB, warm',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.8, aim: 0.9 },
    measure: warm,
  },
  {
    id: 'sd-jwt-vc-cold',
    work: 'verify SD-JWT VC + KB, cold x5c',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.85 },
    measure: cold,
  },
  {
    id: 'verdict',
    work: 'the whole verdict: credential, trust, status, DCQL, signed receipt; against the warm floor',
    unit: 'µs',
    goal: { sense: 'speed', goal: 0.5, aim: 0.6 },
    measure: verdict,
  },
]
