type Path = (string | number)[]
type Draw = { at: number; value: number; text: string }

/** Values of every type, and those that parsers have stumbled over. */
const values = [
  ...[null, true, false, 0, -1, 1.5, 2 ** 53, 1e300, '', 'x', [], {}, [[]], [null], { '...': 'x' }],
  ...[{ _sd: [] }, { _sd: ['x'] }, 'none', 'ES256', 'kb+jwt', 'sha-256', 4_102_444_800, ['ES256']],
]
const names = [
  ...['_sd', '...', '_sd_alg', '__proto__', 'constructor', 'toString', 'cnf', 'exp', 'nbf', 'vct'],
  ...['status', 'iss', 'aud', 'crit', 'b64', 'x5c', 'jwk', 'name', 'aka_vcts', ''],
]
/** JSON text that `JSON.stringify` cannot be made to write. */
const oddities = ['1e999', '-0', '"\\ud800"', '0x10', 'NaN', '01', '1 2', '\u2028', '"\u0000"']

/** Changes a JSON text somewhere in its structure. What is no JSON is left as it is. */
export function mutateJson(json: string, { at, value, text }: Draw): string {
  const parsed = parse(json)
  if (parsed === undefined) return json
  const places = pathsIn(parsed)
  const path = places[at % places.length] ?? []
  const put = (replacement: unknown) => JSON.stringify(replaced(parsed, path, () => replacement))
  const name = names[value % names.length] ?? ''
  const other = values[(value >> 4) % values.length]
  switch (value % 10) {
    case 0:
      return JSON.stringify(replaced(parsed, path, () => undefined)) ?? ''
    case 1:
      return put(other)
    case 2:
      return put(text)
    case 3:
      return JSON.stringify(replaced(parsed, path, (node) => withMember(node, name, other)))
    case 4:
      return JSON.stringify(replaced(parsed, path, (node) => renamed(node, name)))
    case 5:
      return put('␀').replace('"␀"', () => oddities[value % oddities.length] ?? '')
    case 6:
      return put('␀').replace('"␀"', () => nested(1 + (value % 64)))
    case 7:
      // The same member twice: once as it is, once as it suits.
      return json.replace(
        /[{]("(?:[^"\\]|\\.)*"):/,
        (all, member) => `{${member}:${JSON.stringify(other)},${all.slice(1)}`,
      )
    case 8:
      return JSON.stringify(parsed, null, 1 + (at % 3))
    default:
      return JSON.stringify(replaced(parsed, path, twice))
  }
}

const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)

function parse(json: string): unknown {
  try {
    return JSON.parse(json)
  } catch {
    return undefined
  }
}

function pathsIn(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path]
  const members = Array.isArray(value) ? [...value.entries()] : Object.entries(value)
  return [path, ...members.flatMap(([name, member]) => pathsIn(member, [...path, name]))]
}

/** A copy in which the node at a path is another; a member that becomes undefined is gone. */
function replaced(value: unknown, [step, ...rest]: Path, by: (node: unknown) => unknown): unknown {
  if (step === undefined) return by(value)
  if (Array.isArray(value)) {
    const element = replaced(value[Number(step)], rest, by)
    return element === undefined
      ? value.toSpliced(Number(step), 1)
      : value.with(Number(step), element)
  }
  const entries = Object.entries(value as object).map(([name, member]) =>
    name === step ? [name, replaced(member, rest, by)] : [name, member],
  )
  return Object.fromEntries(entries)
}

const isObject = (node: unknown): node is Record<string, unknown> =>
  typeof node === 'object' && node !== null && !Array.isArray(node)

const withMember = (node: unknown, name: string, value: unknown) =>
  isObject(node) ? Object.fromEntries([...Object.entries(node), [name, value]]) : { [name]: node }

function renamed(node: unknown, name: string): unknown {
  if (!isObject(node)) return { [name]: node }
  const [[, first] = [], ...rest] = Object.entries(node)
  return Object.fromEntries([[name, first], ...rest])
}

const twice = (node: unknown) => (Array.isArray(node) ? [...node, ...node] : [node, node])
