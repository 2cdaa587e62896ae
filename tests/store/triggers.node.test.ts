import { expect, it } from 'vitest'
import { triggers } from '../../src/store/triggers.ts'

const statements = [...triggers.values()].map((statement) => `${statement};\n`)

// Until a release, `vitest run -u` writes the file anew; afterwards a change is a migration of its own.
it('the migration makes the very triggers that are expected at the start', async () => {
  await expect(statements.join('--> statement-breakpoint\n')).toMatchFileSnapshot(
    '../../migrations/0001_append_only.sql',
  )
})

it('each trigger is one line of one statement, so that no migration tool cuts it in two', () => {
  const others = statements.filter(
    (each) => !/^CREATE TRIGGER [^\n\r;]* BEGIN SELECT RAISE\([^;\n]*\); END;\n$/.test(each),
  )
  expect(others).toEqual([])
  expect(statements.join()).not.toMatch(/\bCASE\b/)
})
