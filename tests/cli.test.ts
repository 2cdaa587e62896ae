import { spawn } from 'node:child_process'
import { describe, expect, it } from 'vitest'
import { runCommand as cli } from './support/process.ts'

describe('gerbang', { timeout: 30_000 }, () => {
  it('demo: a citizen is verified, three cases are refused, and it ends by itself', async () => {
    const { code, output } = await cli(['demo'])
    expect(output).toMatch(/VERIFIED[\s\S]*Nguyễn Thị An[\s\S]*REFUSED[\s\S]*purpose_exceeded/)
    expect(output).toContain('Every step did what it says')
    expect(code).toBe(0)
  })

  it('demo: a gateway that does not start is a failure', async () => {
    const { code, output } = await cli(['demo'], { TMPDIR: '/nowhere' })
    expect(output).not.toContain('Every step did what it says')
    expect(code).toBe(1)
  })

  it('keys wrap: seals keys, and nothing without a secret or a file', async () => {
    const KEYS_KEK = 'k'.repeat(43)
    const wrapped = await cli(['keys', 'wrap', 'keys-example/keys.jwks.json'], { KEYS_KEK })
    expect(wrapped).toMatchObject({
      code: 0,
      output: expect.stringMatching(/^INSERT INTO wrapped/),
    })
    expect(await cli(['keys', 'wrap', 'keys-example/keys.jwks.json'])).toMatchObject({ code: 1 })
    expect(await cli(['keys', 'wrap', 'nowhere.json'], { KEYS_KEK })).toMatchObject({ code: 1 })
  })

  it('npx gerbang: hands arguments, input and exit code over, whatever Node is there', async () => {
    const child = spawn(process.execPath, ['src/gerbang.mjs', 'verify', '-', '--at', 'never'])
    child.stdin.end('a~b')
    let output = ''
    child.stderr.on('data', (text) => {
      output += text
    })
    const code = await new Promise((resolve) => child.once('close', resolve))
    expect({ code, output }).toEqual({ code: 2, output: expect.stringMatching(/^gerbang: --at/) })
  })

  it('says how it is used', async () => {
    expect(await cli(['--help'])).toMatchObject({
      code: 0,
      output: expect.stringContaining('demo'),
    })
    expect(await cli([])).toMatchObject({ code: 2, output: expect.stringContaining('demo') })
    expect(await cli(['unknown'])).toMatchObject({ code: 2 })
    expect(await cli(['toString'])).toMatchObject({ code: 2 })
  })
})
