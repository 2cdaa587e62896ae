import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { checks } from '../../src/presentation/checks.ts'

const block = /(<!-- checks: [^\n]*-->\n)[\s\S]*(<!-- \/checks -->)/

const table = [
  '| check | what must hold | laid down in | when it fails |',
  '| --- | --- | --- | --- |',
  ...Object.entries(checks).map(
    ([id, { rule, spec, remedy }]) => `| \`${id}\` | ${rule} | ${spec} | ${remedy} |`,
  ),
].join('\n')

// `vitest run -u` writes the README's table anew.
it('the README documents every check, as the catalogue has it', async () => {
  const readme = readFileSync('README.md', 'utf8')
  expect(readme).toMatch(block)
  await expect(readme.replace(block, `$1${table}\n$2`)).toMatchFileSnapshot('../../README.md')
})

it('no entry would break the table', () => {
  expect(JSON.stringify(checks)).not.toMatch(/[|`<]/)
})
