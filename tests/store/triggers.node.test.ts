import { readFileSync } from 'node:fs'
import { expect, it } from 'vitest'
import { triggers as expected } from '../../src/store/triggers.ts'

const file = readFileSync('migrations/0001_append_only.sql', 'utf8')
const triggers = file.split('--> statement-breakpoint\n').map((each) => each.trim())

it('the file makes the very triggers that are expected at the start', () => {
  const names = triggers.map((trigger) => /^CREATE TRIGGER (\w+)/.exec(trigger)?.[1] ?? trigger)
  expect(names.toSorted()).toEqual(expected.toSorted())
})

it('each trigger is one line, so that no migration tool cuts it in two', () => {
  const others = triggers.filter((trigger) => !/^CREATE TRIGGER .* BEGIN .*; END;$/.test(trigger))
  expect(others).toEqual([])
  expect(file).not.toMatch(/\r|\bCASE\b/)
})
