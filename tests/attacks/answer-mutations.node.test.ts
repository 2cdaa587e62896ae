import fc from 'fast-check'
import { beforeAll, expect, it } from 'vitest'
import { freshHolderKey } from '../../src/wallet/holder-key.ts'
import { createForger, type Forger } from '../support/forgery.ts'
import { failed, type TestGateway, testGateway } from '../support/gateway.ts'
import { mutateJson } from '../support/json-mutations.ts'
import { anyJwe } from '../support/jwe.ts'
import { mutate, mutateText, mutation, takeApart, textKinds } from '../support/mutations.ts'

// One seed a day: whoever runs this today sees the same mutations, and tomorrow there are others.
const seed = Math.floor(Date.now() / 86_400_000)

let gateway: TestGateway
let forger: Forger
let sdJwt: string
beforeAll(async () => {
  gateway = await testGateway()
  forger = await createForger(gateway)
  sdJwt = await forger.sdJwt()
})

type Jwk = { kid: string; x: string; y: string }

/** A transaction whose request a wallet has read, and the honest answer to it. */
async function retrieved() {
  const transaction = await gateway.ask()
  const { request } = await gateway.newWallet().preview(transaction.authorization_request)
  const { jwks } = request.client_metadata as { jwks: { keys: [Jwk] } }
  const presentation = await forger.bind(sdJwt, request)
  const parameters = { vp_token: { 'pid-sd-jwt': [presentation] }, state: request.state }
  const [jwk] = jwks.keys
  const post = (body: string) =>
    gateway.call(String(request.response_uri), {
      method: 'POST',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      body,
    })
  const encrypt = (text: string, header = {}) => anyJwe(text, jwk, { kid: jwk.kid, ...header })
  return { ...transaction, request, presentation, parameters, post, encrypt }
}
type Retrieved = Awaited<ReturnType<typeof retrieved>>

const formOf = (response: string) => new URLSearchParams({ response }).toString()

it('of 300 mutated presentations that a wallet answers with, none is accepted', async () => {
  const somebody = await createForger(gateway)
  const stranger = (await freshHolderKey()).sign
  let counted = 0
  await fc.assert(
    fc.asyncProperty(mutation, async (change) => {
      const { presentation, parameters, request, post, encrypt, read } = await retrieved()
      const other = takeApart(await somebody.bind(await somebody.sdJwt(), request))
      const sign = { stranger, holder: stranger }
      const mutated = await mutate(presentation, change, { other, sign })
      if (mutated === undefined) return
      counted++
      const answer = { ...parameters, vp_token: { 'pid-sd-jwt': [mutated] } }
      const { status } = await post(formOf(await encrypt(JSON.stringify(answer))))
      const result = await read()
      if (status === 400 && result.status === 'refused') {
        expect(result.credentials).toBeNull()
        expect(failed(result)).not.toEqual([])
      } else {
        // A lone surrogate is no JSON: then there was nothing to judge.
        expect({ status, result: result.status }).toEqual({ status: 400, result: 'retrieved' })
      }
    }),
    { seed, numRuns: 350, endOnFailure: true },
  )
  expect(counted).toBeGreaterThanOrEqual(300)
}, 120_000)

const draw = fc.record({
  where: fc.constantFrom('form', 'jwe', 'header', 'parameters', 'vp_token'),
  kind: fc.constantFrom(...textKinds),
  at: fc.nat(),
  value: fc.nat(),
  text: fc.string({ minLength: 1, maxLength: 12, unit: 'binary' }),
})
type Draw = typeof draw extends fc.Arbitrary<infer T> ? T : never

/** The body of a form that is not quite the honest one, and whether it says the same all the same. */
async function mutatedForm({ parameters, encrypt }: Retrieved, change: Draw) {
  const { vp_token, state } = parameters
  const whole = JSON.stringify(parameters)
  switch (change.where) {
    case 'form': {
      const response = await encrypt(whole)
      const body = mutateText(formOf(response), change)
      return { body, isSame: new URLSearchParams(body).get('response') === response }
    }
    case 'jwe': {
      const jwe = await encrypt(whole)
      const response = mutateText(jwe, change)
      return { body: formOf(response), isSame: response === jwe }
    }
    case 'header': {
      const header = parsed(mutateJson('{"alg":"ECDH-ES","enc":"A256GCM"}', change))
      return { body: formOf(await encrypt(whole, header ?? {})), isSame: true }
    }
    case 'parameters': {
      const text = mutateJson(whole, change)
      const { vp_token: vpToken, state: sameState } = parsed(text) ?? {}
      const isSame = JSON.stringify([vpToken, sameState]) === JSON.stringify([vp_token, state])
      return { body: formOf(await encrypt(text)), isSame }
    }
    default: {
      const vpToken = mutateJson(JSON.stringify(vp_token), change)
      const text = `{"vp_token":${vpToken},"state":${JSON.stringify(state)}}`
      const isSame = JSON.stringify(parsed(vpToken)) === JSON.stringify(vp_token)
      return { body: formOf(await encrypt(text)), isSame }
    }
  }
}

function parsed(json: string): Record<string, unknown> | undefined {
  try {
    const value = JSON.parse(json)
    return typeof value === 'object' && value !== null ? value : undefined
  } catch {
    return undefined
  }
}

it('of 1,000 answers of a mutated shape none is verified, and noise leaves the transaction usable', async () => {
  let noise = 0
  let judged = 0

  /** Whether the transaction is still open after this. */
  async function standsUp(honest: Retrieved, change: Draw): Promise<boolean> {
    const { body, isSame } = await mutatedForm(honest, change)
    const { status } = await honest.post(body)
    const told = JSON.stringify({ change, body })
    expect(status, told).toBeLessThan(500)
    const result = await honest.read()
    if (status === 200) {
      expect({ isSame, status: result.status }, told).toEqual({ isSame: true, status: 'verified' })
      return false
    }
    expect(['retrieved', 'refused'], told).toContain(result.status)
    expect(result.credentials, told).toBeNull()
    if (result.status === 'retrieved') noise++
    else judged++
    return result.status === 'retrieved'
  }

  await fc.assert(
    fc.asyncProperty(fc.array(draw, { minLength: 10, maxLength: 10 }), async (changes) => {
      let honest = await retrieved()
      for (const change of changes) {
        if (!(await standsUp(honest, change))) honest = await retrieved()
      }
      const { status } = await honest.post(
        formOf(await honest.encrypt(JSON.stringify(honest.parameters))),
      )
      expect({ status, result: (await honest.read()).status }).toEqual({
        status: 200,
        result: 'verified',
      })
    }),
    { seed, numRuns: 125, endOnFailure: true },
  )
  expect(noise + judged).toBeGreaterThanOrEqual(1000)
  expect(Math.min(noise, judged)).toBeGreaterThan(100)
}, 120_000)
