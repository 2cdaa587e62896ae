import { beforeAll, describe, expect, it } from 'vitest'
import { readKept } from './kept.ts'
import { faultOf, type Target } from './target.ts'
import { createTargets } from './targets.ts'

let targets: Target[]
beforeAll(async () => {
  targets = await createTargets()
})

const kept = readKept()

it('inputs were kept of each target', () => {
  expect([...new Set(kept.map(({ target }) => target))].sort()).toEqual(
    targets.map(({ name }) => name).sort(),
  )
})

describe('what the fuzzer kept is taken as it should be:', () => {
  it.each(kept)('$target, $why', async ({ target: name, input }) => {
    const target = targets.find((each) => each.name === name)
    expect(target && (await faultOf(target, input))).toBeUndefined()
  })
})
