import { existsSync } from 'node:fs'
import { type Browser, chromium, type Page } from 'playwright-core'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { freePort, type Run, ready, runGateway, temporaryFolder } from '../support/process.ts'

const executablePath = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const args = [
  ...['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-sync'],
  ...['--disable-background-networking', '--disable-component-update'],
]

describe.skipIf(!existsSync(executablePath))('pages, in Chromium', { timeout: 60_000 }, () => {
  const folder = temporaryFolder()
  let port: number
  let gateway: Run
  let browser: Browser
  let page: Page
  let complaints: string[]
  beforeAll(async () => {
    port = await freePort()
    gateway = await ready(runGateway({ PORT: String(port), DATA_DIR: folder.path }))
    browser = await chromium.launch({ executablePath, args })
  }, 60_000)
  afterAll(async () => {
    await browser?.close()
    gateway?.child.kill('SIGKILL')
    await gateway?.ended
    folder.remove()
  })
  beforeEach(async () => {
    complaints = []
    page = await browser.newPage()
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('pageerror', (error) => complaints.push(error.message))
  })

  it('the front page shows who recognises whom, and says that it is a sandbox', async () => {
    await page.goto(`http://localhost:${port}/`)
    expect(await page.getByRole('note').textContent()).toContain('Sandbox')
    expect(await page.locator('table.matrix tbody tr').count()).toBe(12)
    expect(await page.getByLabel('SG recognises VN for bank-kyc').count()).toBe(1)
    expect(await page.getByLabel('SG does not recognise LA').count()).toBe(1)
    const colour = await page
      .locator('td.granted')
      .first()
      .evaluate((cell) => getComputedStyle(cell).backgroundColor)
    expect(colour, 'the style sheet is applied').not.toBe('rgba(0, 0, 0, 0)')
    expect(complaints).toEqual([])
  })

  it('the front page fits a telephone', async () => {
    await page.setViewportSize({ width: 360, height: 700 })
    await page.goto(`http://localhost:${port}/`)
    const overflow = await page.evaluate(
      () => document.documentElement.scrollWidth - document.documentElement.clientWidth,
    )
    expect(overflow).toBe(0)
  })

  it('an address is sent to the name', async () => {
    await page.goto(`http://127.0.0.1:${port}/`)
    expect(page.url()).toBe(`http://localhost:${port}/`)
  })

  it('the page after an answer keeps nothing of the response code', async () => {
    await page.goto(`http://localhost:${port}/presentations/done?response_code=secret`)
    expect(await page.getByRole('heading').textContent()).toBe('Your answer has arrived')
    expect(await page.content()).not.toContain('secret')
  })
})
