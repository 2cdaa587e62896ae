import { styleText } from 'node:util'

/** Lines of text, the first of which hangs on the branch, and what stands under them. */
export type Node = { lines: readonly string[]; under?: readonly Node[] }

/** A tree for the terminal. Its root hangs on nothing. */
export const renderTree = ({ lines, under = [] }: Node): string =>
  [...lines, ...branches(under)].join('\n')

const branches = (nodes: readonly Node[]): string[] =>
  nodes.flatMap(({ lines: [first = '', ...more], under = [] }, i) => {
    const isLast = i === nodes.length - 1
    const rail = isLast ? '   ' : '│  '
    const below = under.length > 0 ? '│  ' : ''
    return [
      `${isLast ? '└' : '├'}─ ${first}`,
      ...more.map((line) => `${rail}${below}${line}`),
      ...branches(under).map((line) => `${rail}${line}`),
    ]
  })

/** Text of others, fit for a terminal: nothing in it moves the cursor or turns the line around. */
export const printable = (text: string, most = 2000): string =>
  (text.length > most ? `${text.slice(0, most)}…` : text).replace(
    /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu,
    '\uFFFD',
  )

/** Names in a column, and what belongs to each. */
export function listNode(title: string, rows: readonly (readonly [string, string])[]): Node {
  const width = Math.max(...rows.map(([name]) => name.length))
  const under = rows.map(([name, text]) => ({
    lines: [`${name.padEnd(width)}  ${printable(text)}`],
  }))
  return { lines: [styleText('bold', printable(title))], under }
}
