import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import type { Browser, Page } from 'playwright-core'
import { day } from '../../src/domain/day.ts'
import { writeTransactionals } from '../../src/ledger/deliveries/transactional.ts'
import { OUR_TEMPLATES } from '../../src/rendering/own-templates/own-templates.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { addSubscribersFor, QUICKEST } from '../support/app.ts'
import { describeInBrowser, launchBrowser } from '../support/web/browser.ts'
import { faultsOfLooks } from '../support/web/looks.ts'
import { linksIn, openSite, type TestSite } from '../support/web/site.ts'
import { type BrandFolder, createBrandFolder, FERNBANK, LOGO } from './brand-folder.ts'

const ours = (name: string) => readFileSync(join(OUR_TEMPLATES, name), 'utf8')
const OWN_DIGEST = ours('digest/digest.mjml').replace(
  '<mj-table ',
  '<mj-text mj-class="sheet">Picked by librarians</mj-text>\n<mj-table ',
)

let folder: BrandFolder
let site: TestSite
let mail: ParsedMail
let templatesDir: string

beforeAll(async () => {
  folder = createBrandFolder()
  templatesDir = join(folder.path, 'templates')
  folder.write({ 'logo.svg': LOGO, 'brand.json': FERNBANK, 'templates/digest/digest.mjml': OWN_DIGEST })
  site = await openSite({ shape: QUICKEST, config: folder.config({ TEMPLATES_DIR: templatesDir }) })
  await addSubscribersFor(site.app, [{ email: 'ada@example.org', interests: ['agents'] }])
  const [first] = await site.morning()
  if (first === undefined) throw new Error('there was no digest')
  mail = first
})
afterAll(async () => {
  await site?.close()
  folder?.remove()
})

describe('a brand from outside the program’s folder', () => {
  it('is in a digest, whose template is the operator’s', () => {
    const html = String(mail.html)
    expect(html).toMatch(
      /<img class="logo-light" src="https:\/\/[^"]+\/brand\/logo-mail\.png\?v(?:=|&#x3D;)[0-9a-f]{12}" alt="Fernbank" width="120" height="30"/,
    )
    for (const part of ['#14532d', '#86d3a0', '#f6f1e6', 'Picked by librarians', 'A service of the Fernbank Library.'])
      expect(html).toContain(part)
    expect(html).not.toContain('#0d5c50')
    expect(mail.text).toContain('A service of the Fernbank Library.\nFernbank Library: https://library.example.org/')
    expect(mail.from?.value[0]?.name).toBe('Fernbank Review')
  })

  it('is in a transactional mail, whose template is ours', async () => {
    const queued = await site.app.ledger.db.selectFrom('subscribers').select('id').execute()
    const email = {
      id: '00000000-0000-4000-8000-000000000001',
      kind: 'known',
      subscriberId: queued[0]?.id ?? '',
    } as const
    await writeTransactionals(site.app.ledger.db, [{ ...email, address: 'ada@example.org' }], site.clock.now)
    const known = (await site.sendTransactionals()).find(({ subject }) => subject?.includes('already subscribed'))
    expect(known?.from?.value[0]?.name).toBe('Fernbank Library')
    expect(String(known?.html)).toContain('/brand/logo-mail.png')
    expect(String(known?.html)).toContain('#14532d')
  })

  it('stays in a mail that is repeated after the brand has changed', async () => {
    const { config, ledger, keyId } = { ...site.app, keyId: site.app.composer.keyId }
    const other = await openApp({ ...config, brand: null }, { clock: site.app.clock })
    try {
      const row = await ledger.db.selectFrom('deliveries').select('id').executeTakeFirstOrThrow()
      const sent = await ledger.deliveries.readSent(row.id)
      if (sent.kind !== 'frozen') throw new Error('the digest is not frozen')
      const frozen = { day: day('2026-11-24'), keyId, frozenAt: site.clock.now }
      const repeat = async (app: typeof site.app, template: string | null) => {
        const issue = await app.composer.open(frozen.day, false, sent.votesAt, template)
        const { html, text, from, headers } = issue.message(frozen, sent.member)
        return { html, text, from, headers }
      }
      const first = await repeat(site.app, sent.template)
      expect(first.from.name).toBe('Fernbank Review')
      expect(await repeat(other, sent.template)).toEqual(first)
      expect((await repeat(other, null)).html).not.toContain('#14532d')
    } finally {
      await other.close()
    }
  })

  it('is in feeds, and its files may be cached by their hash', async () => {
    const page = await site.get('/')
    const logo = /src="(\/brand\/logo\.svg\?v=[0-9a-f]{12})"/.exec(page.body)?.[1] ?? ''
    const answer = await site.get(logo)
    expect(answer.headers).toMatchObject({
      'content-type': 'image/svg+xml',
      'cache-control': 'public, max-age=31536000, immutable',
      'content-security-policy': expect.stringContaining('sandbox'),
    })
    expect((await site.get('/brand/logo.svg?v=000000000000')).headers['cache-control']).toBe('public, max-age=300')
    expect((await site.get('/brand/other.svg')).status).toBe(404)
    expect((await site.get('/feed.xml')).body).toContain('<icon>https://')
  })
})

describeInBrowser('the brand in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  /** Opens a page of the site without a port: the browser's requests are answered by the website of the test. */
  async function open(url: string): Promise<Page> {
    const page = await browser.newPage()
    await page.route('**', async (route) => {
      const { pathname, search } = new URL(route.request().url())
      const answer = await site.web.inject({ method: 'GET', url: `${pathname}${search}` })
      const headers = Object.fromEntries(Object.entries(answer.headers).map(([name, value]) => [name, String(value)]))
      await route.fulfill({ status: answer.statusCode, headers, body: answer.rawPayload })
    })
    await page.goto(new URL(url, site.app.config.publicUrl).href)
    return page
  }
  const look = (page: Page) =>
    page.evaluate(`(() => {
      const image = document.querySelector('img')
      return [getComputedStyle(document.body).backgroundColor, image.naturalWidth > 0 && image.complete]
    })()`)

  it('has its colours and its logo on every page and in the digest, in light and dark, and can be read', async () => {
    const link = (part: string) => linksIn(mail).find((each) => each.includes(part)) ?? ''
    for (const url of ['/', link('/preferences/'), link('/unsubscribe/'), link('/digest/')]) {
      const page = await open(url)
      expect([url, await look(page)]).toEqual([url, ['rgb(246, 241, 230)', true]])
      await page.emulateMedia({ colorScheme: 'dark' })
      expect([url, await look(page)]).toEqual([url, ['rgb(13, 23, 17)', true]])
      if (!url.includes('/digest/')) expect(await faultsOfLooks(page)).toEqual([])
      await page.close()
    }
  })
})
