import { beforeAll, expect, it } from 'vitest'
import { shownClaims } from '../../src/cli/shown-claims.ts'
import { type TestGateway, testGateway } from '../support/gateway.ts'

let gateway: TestGateway
beforeAll(async () => {
  gateway = await testGateway()
})

/** What a wallet shows of its one credential. */
async function shownBy(configuration: string): Promise<string> {
  const wallet = await gateway.citizen('vn-nguyen-thi-an', [configuration])
  const { authorization_request } = await gateway.ask('bank-sg')
  const { response } = await wallet.present(authorization_request)
  return (response.vp_token as Record<string, string[]>)[configuration]?.[0] ?? ''
}

it('reads the claims of an SD-JWT VC', async () => {
  expect(await shownClaims(await shownBy('pid-sd-jwt'))).toMatchObject({
    vct: 'urn:gerbang:pid:1',
    name: 'Nguyễn Thị An',
  })
})

it('reads the elements of an mdoc, by namespace', async () => {
  const shown = await shownClaims(await shownBy('pid-mdoc'))
  expect(Object.keys(shown ?? {})).toEqual(['org.gerbang.pid.1'])
  expect(Object.keys(Object(shown?.['org.gerbang.pid.1'])).toSorted()).toEqual([
    ...['birthdate', 'name', 'nationalities'],
  ])
})

it.each(['', 'a~b~c', 'oA', '!', 'a.b.c'])('cannot read %j', async (text) => {
  expect(await shownClaims(text)).toBeUndefined()
})
