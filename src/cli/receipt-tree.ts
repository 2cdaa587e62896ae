import { styleText } from 'node:util'
import { toInstant } from '../http/instant.ts'
import { checks as catalogue } from '../presentation/checks.ts'
import type { Receipt, ReceiptKey } from '../presentation/verify-receipt.ts'
import { outcomeTitle, type Report, reportNodes } from './report-tree.ts'
import { listNode, type Node, renderTree } from './tree.ts'

type Row = readonly [string, string]

/** A receipt that was verified, as a tree for the terminal. */
export function receiptTree(receipt: Receipt, key: ReceiptKey): string {
  return renderTree({
    lines: [`${styleText(['bold', 'green'], 'GOOD')} receipt of ${outcomeTitle(receipt.outcome)}`],
    under: [
      listNode('signature', [
        ['gateway', receipt.iss],
        ['signed', toInstant(receipt.iat)],
        ['key', key.kid],
        ['in use', periodOf(key)],
      ]),
      listNode('verdict', [
        ['outcome', receipt.outcome],
        ['as of', toInstant(receipt.at)],
        ['relying party', receipt.relying_party],
        ['purpose', receipt.purpose],
        ['challenge by', challengers[receipt.challenge_by]],
        ['audience', receipt.audience ?? 'not said'],
        ['ledger', `position ${receipt.ledger_position}`],
        ...(receipt.transaction_data_hashes ?? []).map((hash): Row => ['transaction', hash]),
        ['id', receipt.jti],
      ]),
      ...receipt.presentations.map(presentationNode),
      { lines: [styleText('bold', 'checks')], under: reportNodes(reportOf(receipt)) },
    ],
  })
}

const challengers = {
  gateway: 'the gateway, which so knows that the presentation was fresh',
  relying_party: 'the relying party, which alone knows whether the presentation was fresh',
}

const presentationNode = (presentation: Receipt['presentations'][number]): Node => {
  const { query_id, sha256, issuer, type, recognition, assurance } = presentation
  const rows: Row[] = [
    ['issuer', issuer ?? 'not established'],
    ['type', type ?? 'not established'],
    ['recognition', recognition ?? 'none'],
    ['proofing', assurance?.proofing ?? 'not established'],
    ['authn', assurance?.authn ?? 'not established'],
    ['national', assurance?.national ?? 'not established'],
    ['sha256', sha256],
  ]
  return listNode(`presentation ${query_id}`, rows)
}

/**
 * The checks of a receipt with what the catalogue says of them. A check that occurs as often as there
 * are presentations was carried out for each of them, in their order.
 */
function reportOf({ checks, presentations }: Receipt): Pick<Report, 'checks'> {
  const times = new Map<string, number>()
  const all = Map.groupBy(checks, ({ id }) => id)
  return {
    checks: checks.map(({ id, outcome }) => {
      const nth = times.get(id) ?? 0
      times.set(id, nth + 1)
      const isEach = presentations.length > 1 && all.get(id)?.length === presentations.length
      const of = isEach ? `${presentations[nth]?.query_id}: ` : ''
      const { rule, spec, remedy } = entryOf(id)
      return { id, outcome, detail: `${of}${rule}`, spec, remedy }
    }),
  }
}

const entries = new Map(Object.entries(catalogue))
const entryOf = (id: string) =>
  entries.get(id) ?? { rule: 'This version knows no such check.', spec: '', remedy: null }

function periodOf({ iat, exp, revoked }: ReceiptKey): string {
  const since =
    iat === undefined ? 'since a time that its set does not say' : `since ${toInstant(iat)}`
  const until = exp === undefined ? 'until now, as far as its set says' : `until ${toInstant(exp)}`
  const end = revoked ? `, revoked at ${toInstant(revoked.revoked_at)}` : ''
  return `${since}, ${until}${end}`
}
