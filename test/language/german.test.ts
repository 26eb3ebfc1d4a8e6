import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { inLanguage, openLanguage } from '../../src/language/language.ts'
import { createVerp } from '../../src/mail/verp.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { composeDigest, composeTransactional, scenarioOf } from '../../src/preview/composing.ts'
import { SCENARIOS } from '../../src/preview/scenarios/scenarios.ts'
import { findTransactionals } from '../../src/preview/scenarios/transactional.ts'
import { TEMPLATE_ENGINES, type TemplateEngine } from '../../src/rendering/digest/props.ts'
import { openTemplateFiles } from '../../src/rendering/mjml.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { addSubscribersFor, QUICKEST } from '../support/app.ts'
import { englishIn } from '../support/web/english.ts'
import { linksIn, openSite, type TestSite } from '../support/web/site.ts'

const PUBLIC = [
  ...['/', '/?order=votes&code=1', '/?topic=none', '/?interests=agents', '/papers/2026-11-24', '/papers/2020-01-04'],
  ...['/papers/x', '/archive', '/archive/2020-01', '/week', '/week/2026-W99', '/month', '/rising', '/code', '/topics'],
  ...[
    '/topics/no-such',
    '/topics/category/cs.CL',
    '/scorecard',
    '/search',
    '/search?q=agents',
    '/search?q=zzzz&code=yes',
  ],
  ...['/search?q=2401.99999', '/search?q=x&from=2026-13-01', '/subscribe', '/interests/papers', '/fresh-link'],
  ...[
    '/sample?interests=agents',
    '/feed.xml',
    '/feed.json',
    '/feed.xml?best=x',
    '/no-such-page',
    '/unsubscribe/broken',
  ],
  ...['/interests/matching?q=agents', '/confirm/broken'],
]

describe('a German installation', () => {
  let site: TestSite
  let mail: ParsedMail | undefined
  const link = (kind: string) =>
    linksIn(mail as ParsedMail).find((each) => each.includes(`/${kind}/`)) ?? `no ${kind} link`

  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, config: { language: { locale: 'de', dir: null } } })
    await addSubscribersFor(site.app, [{ email: 'ada@example.org', interests: ['agents'], authors: ['Ada Lovelace'] }])
    ;[mail] = await site.morning()
  })
  afterAll(() => site?.close())

  it.each(PUBLIC)('shows %s in German', async (path) => {
    const { body, headers } = await site.get(path)
    expect(englishIn(body)).toEqual([])
    if (String(headers['content-type']).startsWith('text/html')) {
      expect(headers['content-language']).toBe('de')
      expect(body).toContain('<html lang="de"')
    }
  })

  it('shows a paper’s page in German', async () => {
    const paper = /\/paper\/[\w.]+/.exec((await site.get('/')).body)?.[0] ?? ''
    expect(englishIn((await site.get(paper)).body)).toEqual([])
  })

  it.each([
    ['/subscribe', { email: 'x y', interests: '"open', hour: '99', timezone: 'Mars' }],
    ['/subscribe', { email: 'ada@gmial.com' }],
    ['/interests/papers', { works: '2401.00001\nhttps://example.org/x\nfoo' }],
    ['/fresh-link', { email: 'x' }],
    ['/fresh-link', { email: 'nobody@example.org' }],
  ])('says in German what is wrong in %s with %j', async (path, fields) => {
    const { body } = await site.post(path, fields)
    expect(englishIn(body)).toEqual([])
  })

  it('sends a German digest, and shows it and every page that it leads to in German', async () => {
    expect(mail?.text).toContain('Sie erhalten diese tägliche Übersicht, weil Sie Paperround abonniert haben.')
    expect(englishIn(`${mail?.subject}\n${mail?.text}\n${mail?.html}`)).toEqual([])
    const preferences = link('preferences')
    for (const page of [preferences, `${preferences}/papers`, `${preferences}/erase`, link('digest'), link('feedback')])
      expect([page, englishIn((await site.get(page)).body)]).toEqual([page, []])
    const news = ['preferences', 'paused', 'forgotten', 'seeded', 'sample', 'sample-had', 'logged-out', 'address']
    for (const each of news) expect(englishIn((await site.get(`${preferences}?saved=${each}`)).body)).toEqual([])
  })

  it('answers the forms of a subscriber in German', async () => {
    const preferences = link('preferences')
    const forms: [string, Record<string, string>][] = [
      [preferences, { interests: 'author:', hour: '99', timezone: 'Mars', length: '0', muted: '-' }],
      [preferences, { interests: 'agents\nzebrafish', muted: 'model', action: 'preview' }],
      [preferences, { section: 'address', email: 'x@y' }],
      [preferences, { section: 'pause', until: '2020-01-01' }],
      [link('feedback'), { verdict: 'more' }],
      [link('feedback'), { verdict: 'save' }],
      [link('unsubscribe'), {}],
      [link('unsubscribe'), { reason: 'other' }],
      [link('unsubscribe'), { undo: '1' }],
    ]
    for (const [path, fields] of forms)
      expect([fields, englishIn((await site.post(path, fields)).body)]).toEqual([fields, []])
  })

  it('keeps the pages of operators in English', async () => {
    const { body, headers } = await site.get('/admin/login')
    if (headers['content-language'] === 'en') expect(body).toContain('<html lang="en"')
  })
})

describe.each(TEMPLATE_ENGINES)('each mail of the preview (%s)', (engine) => {
  it('is German in both parts, and says so in its document', async () => {
    const mails = await inLanguage(openLanguage('de'), () => previewMails(engine))
    expect(mails.length).toBeGreaterThan(11)
    for (const { name, message } of mails) {
      expect([name, englishIn(`${message.subject}\n${message.text}\n${message.html}`)]).toEqual([name, []])
      expect(message.html).toMatch(/<html[^>]* lang="de"/)
    }
  })
})

const TOKENS = createTokens(['a secret of the tests that is long enough'])
const URL = 'https://papers.example.org'
const SENDER = {
  from: { name: 'Paperround', address: 'd@papers.example.org' },
  replyTo: null,
  listId: 'd.papers.example.org',
}
const IDENTITY = {
  brand: { name: 'Paperround', publicUrl: URL, postalAddress: null },
  sender: { ...SENDER, listName: 'Paperround', unsubscribeMailbox: null, verp: createVerp(TOKENS, null) },
  links: createLinks(URL, TOKENS),
  keyId: TOKENS.keyId,
}

/** Composes each transactional mail, and the scenarios with each kind of sentence. */
async function previewMails(engine: TemplateEngine) {
  const folder = join(PACKAGE_ROOT, 'templates')
  const options = { engine, templates: { files: openTemplateFiles([folder]), component: () => null }, edit: null }
  const mails = []
  for (const name of findTransactionals(folder))
    mails.push({ name, mail: await composeTransactional(name, options, IDENTITY) })
  for (const scenario of SCENARIOS.filter(({ id }) =>
    ['typical', 'one', 'weekly', 'after-pause', 'no-votes'].includes(id),
  ))
    mails.push({ name: scenario.id, mail: await composeDigest(scenarioOf(scenario), options, IDENTITY) })
  return mails.map(({ name, mail }) => {
    if (mail.kind !== 'message') throw new Error(`${name}: ${mail.why}`)
    return { name, message: mail.message }
  })
}
