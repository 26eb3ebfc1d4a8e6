import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import type { Message } from '../../src/mail/transport.ts'
import { checkMessage } from '../../src/preview/checks/all.ts'
import { checkSpam } from '../../src/preview/checks/spam.ts'
import { messageTo } from '../support/sending/messages.ts'
import { type Bench, openBench, PUBLIC_URL } from './bench.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterEach(() => bench.restore())
afterAll(() => bench.close())

/** Returns the findings for a mail over HTTP: `severity id words`. */
async function findings(query: string): Promise<string[]> {
  const { checks } = JSON.parse((await bench.get(`/checks?as=json&${query}`)).body)
  return linesOf(checks)
}

async function findingsOf(message: Message): Promise<string[]> {
  return linesOf((await checkMessage(message, PUBLIC_URL)).checks)
}

type Found = { id: string; findings?: readonly { severity: string; words: string; where?: readonly string[] }[] }

function linesOf(checks: readonly Found[]): string[] {
  return checks.flatMap(({ id, findings = [] }) =>
    findings.map(({ severity, words, where = [] }) => `${severity} ${id}: ${words} ${where.join(' ')}`),
  )
}

const HEADING = '<h1 style="margin:'
const CARD = '<div class="act" style="padding-top:6px">'

describe('the checks find errors in a template', () => {
  it('but none in the original', async () => {
    expect(await findings('scenario=typical')).toEqual([])
  })

  it('a digest of 120 KB', async () => {
    bench.edit('digest/digest.mjml', '{{slot.reason}}', `${'<!-- weight --><b></b>'.repeat(6_000)}{{slot.reason}}`)
    expect(await findings('scenario=typical')).toContainEqual(expect.stringMatching(/^fault size: Gmail clips/))
    expect((await bench.get('/mail?scenario=typical&view=clipped')).body).toContain('[Message clipped]')
  })

  it('display:flex, with the mail programs that do not support it', async () => {
    bench.edit('digest/digest.mjml', HEADING, '<h1 style="display:flex;margin:')
    expect(await findings('scenario=typical')).toContainEqual(
      expect.stringMatching(/^warning clients: display:flex is not supported by \d+ of 32.*Outlook, Windows/),
    )
    expect((await bench.get('/checks?scenario=typical')).body).toMatch(
      /display:flex \(line \d+\)|display:flex,? .*line/,
    )
  })

  it('an image without alt', async () => {
    bench.edit('digest/digest.mjml', CARD, `<img src="https://papers.example.org/a.png" width="20" height="20">${CARD}`)
    expect(await findings('scenario=typical')).toContainEqual(
      expect.stringMatching(/^fault structure: An image has no alt text.*a\.png/),
    )
  })

  it.each([
    ['javascript:alert(1)', /^fault links: The link runs code/],
    ['java&#10;script:alert(1)', /^fault links: The link runs code/],
    ['/preferences', /^fault links: The link is relative/],
    ['#', /^fault links: The link is empty/],
    ['https://example.com/x', /^fault links: The host of the link is reserved/],
    ['https://papers.example.org/%7B%7Btoken%7D%7D', /^fault links: The link contains an unfilled placeholder/],
    ['http://papers.example.org/x', /^warning links: The link is not encrypted/],
    ['https://papers.example.org/x?utm_source=mail', /^warning links: The link has a tracking parameter/],
    ['https://', /^fault links: The link is not a valid URL/],
  ])('the link %s', async (href, words) => {
    bench.edit('digest/digest.mjml', HEADING, `<a href="${href}">here</a>${HEADING}`)
    expect(await findings('scenario=typical')).toContainEqual(expect.stringMatching(words))
  })

  it('no h1, a table that is read as data, and a script', async () => {
    bench.edit('digest/digest.mjml', HEADING, '<script></script><table></table><p style="margin:')
    bench.edit('digest/digest.mjml', '{{slot.heading}}</h1>', '{{slot.heading}}</p>')
    const found = (await findings('scenario=typical')).join('\n')
    expect(found).toMatch(/fault structure: There is no h1/)
    expect(found).toMatch(/fault structure: <script> is not allowed/)
    expect(found).toMatch(/warning structure: Screen readers read a table/)
  })

  it('no unsubscribe link in either part', async () => {
    bench.edit('welcome/welcome.txt', '{{unsubscribeUrl}}', '')
    bench.edit('welcome/welcome.mjml', '{{unsubscribeUrl}}', '{{preferencesUrl}}')
    const found = (await findings('scenario=transactional.welcome')).join('\n')
    expect(found).toMatch(/fault unsubscribe: The HTML part has no unsubscribe link/)
    expect(found).toMatch(/fault unsubscribe: The text part has no unsubscribe link/)
  })

  it('a text part that lacks a link of the HTML part', async () => {
    bench.edit('confirm/confirm.txt', '{{confirmUrl}}', '')
    expect(await findings('scenario=transactional.confirm')).toContainEqual(
      expect.stringMatching(/^warning text: The text part lacks links/),
    )
  })
})

describe('words that only one part of a mail has are found', () => {
  it('in the HTML part, with the line', async () => {
    bench.edit('confirm/confirm.mjml', '{{say "mail.confirm.hours"', 'Hurry up! {{say "mail.confirm.hours"')
    const found = await findings('scenario=transactional.confirm')
    expect(found).toEqual([
      expect.stringMatching(/^warning text: The text part lacks words of the HTML part\. line \d+: Hurry up$/),
    ])
    const line = Number(/line (\d+)/.exec(found[0] ?? '')?.[1])
    const html = (await bench.get('/raw?scenario=transactional.confirm&part=html')).body
    expect(html.split('\n')[line - 1]).toContain('Hurry up!')
    expect((await bench.get('/checks?scenario=transactional.confirm')).body).toContain(`view=source#line-${line}`)
  })

  it('in the text part, with the line', async () => {
    bench.edit('confirm/confirm.txt', '{{wrapped "mail.confirm.hours"', 'Hurry up! {{wrapped "mail.confirm.hours"')
    expect(await findings('scenario=transactional.confirm')).toEqual([
      'warning text: The HTML part lacks words of the text part. text line 10: Hurry up',
    ])
  })

  it('in another place, such as a figure that both parts have elsewhere', async () => {
    bench.edit('confirm/confirm.txt', 'hours=hours', 'hours="1010"')
    expect(await findings('scenario=transactional.confirm')).toEqual([
      expect.stringMatching(/^warning text: The text part lacks words of the HTML part\. line \d+: 48$/),
      'note text: The HTML part puts words of the text part together in another way. text line 10: for 1010 text line 10: 1010 hours',
    ])
  })
})

describe('the checks find errors in a message', () => {
  const paper = `${PUBLIC_URL}/paper/2611.1`
  const valid = messageTo('ada@example.org', {
    html: `<!doctype html><html lang="en"><head><title>T</title></head><body><h1>Today</h1><h2><a href="${paper}">A Study</a></h2><a href="${PUBLIC_URL}/unsubscribe/x">Unsubscribe</a><a href="${PUBLIC_URL}/unsubscribe/x">Unsubscribe</a></body></html>`,
    text: `Today\n\nA\nStudy\n${paper}\n\nUnsubscribe: ${PUBLIC_URL}/unsubscribe/x\n`,
  })
  const without = (name: string) => ({
    ...valid,
    headers: Object.fromEntries(Object.entries(valid.headers).filter(([each]) => each !== name)),
  })

  it('but none in a valid one', async () => {
    expect((await findingsOf(valid)).filter((line) => !line.startsWith('note'))).toEqual([])
  })

  it.each(['List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Id', 'Auto-Submitted'])(
    'a missing %s header',
    async (name) => {
      expect(await findingsOf(without(name))).toContainEqual(
        expect.stringMatching(new RegExp(`^fault unsubscribe: No ${name}\\b`)),
      )
    },
  )

  it('a paper that is missing from the text part, although a longer URL starts with its URL', async () => {
    const text = valid.text.replace(paper, `${paper}0`)
    expect(await findingsOf({ ...valid, text })).toContainEqual(
      expect.stringMatching(/^fault text: 1 of 1 papers .*A Study/),
    )
    expect(await findingsOf({ ...valid, text: '' })).toContainEqual(
      expect.stringMatching(/^fault text: There is no text part/),
    )
  })

  it('a tracking pixel and a missing language', async () => {
    const html = valid.html
      .replace(' lang="en"', '')
      .replace('<h1>', '<img src="https://t.example/p" width="1" height="1" alt=""><h1>')
    const found = (await findingsOf({ ...valid, html })).join('\n')
    expect(found).toMatch(/fault structure: The mail has a tracking pixel/)
    expect(found).toMatch(/fault structure: The html element has no lang/)
  })
})

describe('the spam score', () => {
  const dir = mkdtempSync(join(tmpdir(), 'spam-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))
  const standIn = (name: string, says: string): string => {
    const path = join(dir, name)
    writeFileSync(path, `#!/bin/sh\ncat > /dev/null\ncat <<'END'\n${says}\nEND\n`)
    chmodSync(path, 0o755)
    return path
  }
  const eml = Buffer.from('Subject: x\r\n\r\nx\r\n')

  it('says when SpamAssassin is not installed', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    expect(await checkSpam(eml, { commands: [['no-such-program-here']] })).toMatchObject({
      kind: 'absent',
      reason: expect.stringContaining('not installed'),
    })
    // No timer is left for a missing program.
    expect(timers()).toBe(before)
  })

  it('comes from spamc, or from spamassassin when spamc cannot reach its daemon', async () => {
    const rules =
      ' pts rule name              description\n 1.8 HTML_IMAGE_ONLY        BODY: few words\n-0.0 NO_RELAYS              Informational'
    const spamc = standIn('spamc', `5.8/5.0\n${rules}`)
    const down = standIn('down', '0/0')
    const spamassassin = standIn('spamassassin', `Content analysis details:   (1.8 points, 5.0 required)\n${rules}`)
    expect(await checkSpam(eml, { commands: [[spamc, '-R']] })).toMatchObject({
      summary: expect.stringContaining('5.8 points; spam from 5'),
      findings: [{ severity: 'fault' }, { severity: 'warning', words: '1.8 HTML_IMAGE_ONLY: BODY: few words' }],
    })
    expect(await checkSpam(eml, { commands: [[down, '-R'], [spamassassin]] })).toMatchObject({
      findings: [{ severity: 'warning' }],
    })
  })
})
