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

/** What the preview says of a mail over HTTP: `severity id words`. */
async function said(query: string): Promise<string[]> {
  const { checks } = JSON.parse((await bench.get(`/checks?as=json&${query}`)).body)
  return linesOf(checks)
}

async function saidOf(message: Message): Promise<string[]> {
  return linesOf((await checkMessage(message, PUBLIC_URL)).checks)
}

type Found = { id: string; findings?: readonly { severity: string; words: string; where?: readonly string[] }[] }

function linesOf(checks: readonly Found[]): string[] {
  return checks.flatMap(({ id, findings = [] }) =>
    findings.map(({ severity, words, where = [] }) => `${severity} ${id}: ${words} ${where.join(' ')}`),
  )
}

const HEADING = '<h1 style="margin:0;'
const CARD = '<div class="act" style="font-size:14px;line-height:24px;padding-top:10px">'

describe('the checks catch what is planted in a template', () => {
  it('finds nothing before', async () => {
    expect(await said('scenario=typical')).toEqual([])
  })

  it('a digest of 120 KB', async () => {
    bench.edit('digest/digest.mjml', '{{slot.reason}}', `${'<!-- weight --><b></b>'.repeat(6_000)}{{slot.reason}}`)
    expect(await said('scenario=typical')).toContainEqual(expect.stringMatching(/^fault size: Gmail clips/))
    expect((await bench.get('/mail?scenario=typical&view=clipped')).body).toContain('[Message clipped]')
  })

  it('display:flex, with the programs that do not know it', async () => {
    bench.edit('digest/digest.mjml', HEADING, '<h1 style="display:flex;margin:0;')
    expect(await said('scenario=typical')).toContainEqual(
      expect.stringMatching(/^warning clients: display:flex is not supported by \d+ of 32.*Outlook, windows/),
    )
    expect((await bench.get('/checks?scenario=typical')).body).toMatch(
      /display:flex \(line \d+\)|display:flex,? .*line/,
    )
  })

  it('a picture without alt', async () => {
    bench.edit('digest/digest.mjml', CARD, `<img src="https://papers.example.org/a.png" width="20" height="20">${CARD}`)
    expect(await said('scenario=typical')).toContainEqual(
      expect.stringMatching(/^fault structure: A picture without alt.*a\.png/),
    )
  })

  it.each([
    ['javascript:alert(1)', /^fault links: A link that runs/],
    ['java&#10;script:alert(1)', /^fault links: A link that runs/],
    ['/preferences', /^fault links: A relative link/],
    ['#', /^fault links: A placeholder: the link leads nowhere/],
    ['https://example.com/x', /^fault links: A placeholder: this host/],
    ['https://papers.example.org/%7B%7Btoken%7D%7D', /^fault links: A placeholder that was never filled/],
    ['http://papers.example.org/x', /^warning links: Not encrypted/],
    ['https://papers.example.org/x?utm_source=mail', /^warning links: A tracking parameter/],
    ['https://', /^fault links: Broken/],
  ])('the link %s', async (href, words) => {
    bench.edit('digest/digest.mjml', HEADING, `<a href="${href}">here</a>${HEADING}`)
    expect(await said('scenario=typical')).toContainEqual(expect.stringMatching(words))
  })

  it('no h1, no lang, a table that is read as data, a script', async () => {
    bench.edit('digest/digest.mjml', HEADING, '<script></script><table></table><p style="margin:0;')
    bench.edit('digest/digest.mjml', '{{slot.heading}}</h1>', '{{slot.heading}}</p>')
    const found = (await said('scenario=typical')).join('\n')
    expect(found).toMatch(/fault structure: There is no h1/)
    expect(found).toMatch(/fault structure: <script> has no place/)
    expect(found).toMatch(/warning structure: A table without role/)
  })

  it('no unsubscribe link in either part', async () => {
    bench.edit('welcome/welcome.txt', 'Unsubscribe: {{unsubscribeUrl}}', '')
    bench.edit('welcome/welcome.mjml', '{{unsubscribeUrl}}', '{{preferencesUrl}}')
    const found = (await said('scenario=transactional.welcome')).join('\n')
    expect(found).toMatch(/fault leaving: The HTML part has no unsubscribe link/)
    expect(found).toMatch(/fault leaving: The text part has no unsubscribe link/)
  })

  it('a text part that lacks a link of the HTML part', async () => {
    bench.edit('confirm/confirm.txt', '{{confirmUrl}}', '')
    expect(await said('scenario=transactional.confirm')).toContainEqual(
      expect.stringMatching(/^warning text: Links of the HTML part/),
    )
  })
})

describe('the checks catch what is planted in a letter', () => {
  const paper = `${PUBLIC_URL}/paper/2611.1`
  const sound = messageTo('ada@example.org', {
    html: `<!doctype html><html lang="en"><head><title>T</title></head><body><h1>Today</h1><h2><a href="${paper}">A Study</a></h2><a href="${PUBLIC_URL}/unsubscribe/x">Unsubscribe</a><a href="${PUBLIC_URL}/unsubscribe/x">Unsubscribe</a></body></html>`,
    text: `Today\n\nA\nStudy\n${paper}\n\nUnsubscribe: ${PUBLIC_URL}/unsubscribe/x\n`,
  })
  const without = (name: string) => ({
    ...sound,
    headers: Object.fromEntries(Object.entries(sound.headers).filter(([each]) => each !== name)),
  })

  it('finds nothing in a sound one', async () => {
    expect((await saidOf(sound)).filter((line) => !line.startsWith('note'))).toEqual([])
  })

  it.each(['List-Unsubscribe', 'List-Unsubscribe-Post', 'List-Id', 'Auto-Submitted'])(
    'a missing %s header',
    async (name) => {
      expect(await saidOf(without(name))).toContainEqual(
        expect.stringMatching(new RegExp(`^fault leaving: No ${name}\\b`)),
      )
    },
  )

  it('a paper that the text part lacks, though a longer address begins like its own', async () => {
    const text = sound.text.replace(paper, `${paper}0`)
    expect(await saidOf({ ...sound, text })).toContainEqual(
      expect.stringMatching(/^fault text: 1 of 1 papers .*A Study/),
    )
    expect(await saidOf({ ...sound, text: '' })).toContainEqual(
      expect.stringMatching(/^fault text: There is no text part/),
    )
  })

  it('a tracking pixel and a missing language', async () => {
    const html = sound.html
      .replace(' lang="en"', '')
      .replace('<h1>', '<img src="https://t.example/p" width="1" height="1" alt=""><h1>')
    const found = (await saidOf({ ...sound, html })).join('\n')
    expect(found).toMatch(/fault structure: A tracking pixel/)
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

  it('is said to be missing where SpamAssassin is', async () => {
    const timers = () => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length
    const before = timers()
    expect(await checkSpam(eml, [['no-such-program-here']])).toMatchObject({
      kind: 'absent',
      reason: expect.stringContaining('not installed'),
    })
    // Nothing goes on waiting for a program that is not there.
    expect(timers()).toBe(before)
  })

  it('comes from spamc, or from spamassassin when spamc reaches no daemon', async () => {
    const rules =
      ' pts rule name              description\n 1.8 HTML_IMAGE_ONLY        BODY: few words\n-0.0 NO_RELAYS              Informational'
    const spamc = standIn('spamc', `5.8/5.0\n${rules}`)
    const down = standIn('down', '0/0')
    const spamassassin = standIn('spamassassin', `Content analysis details:   (1.8 points, 5.0 required)\n${rules}`)
    expect(await checkSpam(eml, [[spamc, '-R']])).toMatchObject({
      summary: expect.stringContaining('5.8 points; spam from 5'),
      findings: [{ severity: 'fault' }, { severity: 'warning', words: '1.8 HTML_IMAGE_ONLY: BODY: few words' }],
    })
    expect(await checkSpam(eml, [[down, '-R'], [spamassassin]])).toMatchObject({ findings: [{ severity: 'warning' }] })
  })
})
