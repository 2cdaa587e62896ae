import { DcqlPresentationResult, DcqlQuery as PeerQuery } from 'dcql'
import type { JsonObject } from '../../../src/credential/json.ts'
import { type DcqlQuery, parseDcql } from '../../../src/presentation/dcql.ts'
import { matchCredential, matchCredentialSets } from '../../../src/presentation/dcql-evaluate.ts'
import { assert } from '../by-hand.ts'
import { query } from '../flow/scene.ts'
import { interleave } from '../rounds.ts'
import type { Extent, Row } from '../row.ts'

const claims: JsonObject = {
  iss: 'https://issuer.example',
  name: 'Nguyễn Thị An',
  birthdate: '1990-02-03',
  nationalities: ['VN', 'FR'],
  address: { country: 'VN', formatted: 'Huế' },
}

/** Both hold the same presentation to the same query, which was parsed when it was asked. */
async function evaluation(extent: Extent) {
  const ours = parseDcql(query)
  if (!ours.ok) throw new Error(ours.error)
  const dcqlQuery = PeerQuery.parse(query as unknown as Parameters<typeof PeerQuery.parse>[0])
  const dcqlPresentation = {
    pid: [
      {
        credential_format: 'dc+sd-jwt',
        vct: 'urn:gerbang:pid:1',
        claims,
        cryptographic_holder_binding: true,
      },
    ],
  } as unknown as Parameters<typeof DcqlPresentationResult.fromDcqlPresentation>[0]
  return interleave(extent, [
    {
      name: 'dcql',
      does: 'DcqlPresentationResult.fromDcqlPresentation',
      once() {
        const result = DcqlPresentationResult.fromDcqlPresentation(dcqlPresentation, { dcqlQuery })
        assert(result.can_be_satisfied, 'satisfied')
      },
    },
    {
      name: 'gerbang',
      does: 'matchCredential and matchCredentialSets, with findings for the report',
      once: () => matches(ours.value),
    },
  ])
}

function matches(query: DcqlQuery): void {
  const [pid] = query.credentials
  if (!pid) throw new Error('no query')
  const type = 'urn:gerbang:pid:1'
  const { findings } = matchCredential(pid, {
    ...{ format: 'dc+sd-jwt', type, authorityKeyIds: [], claims },
  } as Parameters<typeof matchCredential>[1])
  const { finding } = matchCredentialSets(query, new Set(['pid']))
  assert(
    [...findings, finding].every(({ outcome }) => outcome !== 'fail'),
    'satisfied',
  )
}

export const dcqlRows: Row[] = [
  {
    id: 'dcql',
    work: 'evaluate a DCQL query',
    unit: 'µs',
    goal: { sense: 'speed', goal: 10 },
    measure: evaluation,
  },
]
