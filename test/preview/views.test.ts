import { readdirSync, readFileSync } from 'node:fs'
import { request } from 'node:http'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import { DIGEST_HTML_BYTES_MAX } from '../../config/limits.ts'
import { day } from '../../src/domain/day.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { scenarioOf } from '../../src/preview/composing.ts'
import { scenarioIds } from '../../src/preview/pages/sidebar.tsx'
import { TONES, VIEWS } from '../../src/preview/query.ts'
import { SCENARIOS } from '../../src/preview/scenarios/scenarios.ts'
import { findTransactionals } from '../../src/preview/scenarios/transactional.ts'
import { TEMPLATE_ENGINES } from '../../src/rendering/digest/props.ts'
import { mailedBytes } from '../../src/rendering/fragment.ts'
import { type Bench, openBench } from './bench.ts'

const ALL = scenarioIds(findTransactionals(join(PACKAGE_ROOT, 'templates')))

let bench: Bench
beforeAll(async () => {
  const scenario = SCENARIOS[0]
  if (scenario === undefined) throw new Error('there is no scenario')
  bench = await openBench({
    listDays: async () => ['2026-11-24', '2026-11-23'],
    findScenario: async (_day, email) => (email === 'ada@example.org' ? scenarioOf(scenario) : null),
  })
})
afterAll(() => bench.close())

describe.each(ALL)('the mail “%s”', (scenario) => {
  it.each(TEMPLATE_ENGINES)('can be shown in every view and colour scheme (%s)', async (engine) => {
    for (const view of VIEWS) {
      const page = await bench.get(`/?scenario=${scenario}&engine=${engine}&view=${view}`)
      expect([view, page.status]).toEqual([view, 200])
      expect(page.body).not.toContain('This template has an error')
      expect(page.body).not.toContain('No mail')
    }
    for (const tone of TONES) {
      const mail = await bench.get(`/mail?scenario=${scenario}&engine=${engine}&tone=${tone}`)
      expect(mail.status).toBe(200)
      expect(mail.body).toMatch(/<h1[ >]/)
      expect(mail.body.includes('filter:invert(1)')).toBe(tone === 'inverted')
      expect(mailedBytes(mail.body)).toBeLessThan(DIGEST_HTML_BYTES_MAX + 1000)
    }
  })

  it.each(TEMPLATE_ENGINES)('passes all checks (%s)', async (engine) => {
    const { checks } = JSON.parse((await bench.get(`/checks?as=json&scenario=${scenario}&engine=${engine}`)).body)
    // The words of both parts agree without any note.
    const loud = checks.flatMap(({ id, findings = [] }: { id: string; findings?: { severity: string }[] }) =>
      findings.filter(({ severity }) => severity !== 'note' || id === 'text'),
    )
    expect(loud).toEqual([])
  })
})

describe('the preview', () => {
  it('replaces the colour-scheme query of a mail, because a page cannot set it', async () => {
    const light = await bench.get('/mail?tone=light')
    const dark = await bench.get('/mail?tone=dark')
    expect(light.body).toContain('@media (max-width:0)')
    expect(dark.body).toContain('@media (min-width:0)')
    expect(dark.body + light.body).not.toContain('prefers-color-scheme')
  })

  it('runs no scripts of a mail, and shows its images unless they are off', async () => {
    const on = (await bench.get('/mail')).headers.get('content-security-policy') ?? ''
    const off = (await bench.get('/mail?images=off')).headers.get('content-security-policy') ?? ''
    expect(on).toContain('img-src')
    expect(off).not.toContain('img-src')
    for (const policy of [on, off]) expect(policy).toMatch(/^default-src 'none'/)
    for (const policy of [on, off]) expect(policy).not.toContain('script-src')
    expect((await bench.get('/')).body).toContain('sandbox="allow-same-origin"')
  })

  it('serves the same .eml file that the outbox transport writes', async () => {
    const raw = await bench.get('/mail.eml?scenario=typical')
    expect(raw.headers.get('content-disposition')).toContain('.eml')
    const mail = await simpleParser(raw.body)
    expect(mail.headers.get('list-unsubscribe-post')).toBeUndefined()
    expect(mail.headerLines.map(({ key }) => key)).toEqual(expect.arrayContaining(['list-unsubscribe-post', 'list-id']))
    expect(mail.html).toContain('Tuesday’s trending papers')
  })

  it('shows a subscriber’s digest from the database, and says when there is none', async () => {
    const there = await bench.get('/?scenario=ledger&day=2026-11-24&email=ada@example.org')
    expect(there.body).toContain('<option value="2026-11-23">')
    expect(there.body).toContain('sparse retrieval: What Smaller')
    const nobody = await bench.get('/?scenario=ledger&day=2026-11-24&email=eve@example.org')
    expect(nobody.body).toContain('There is no subscriber eve@example.org.')
    const noDay = await bench.get(`/?scenario=ledger&day=${day('2026-11-20')}&email=ada@example.org`)
    expect(noDay.body).toContain('There is no edition of 2026-11-20.')
    const without = await openBench()
    expect((await without.get('/')).body).toContain('There is no ledger in this test.')
    await without.close()
  })

  it('catches up after a pause, and names the followed author', async () => {
    const { body } = await bench.get('/mail?scenario=after-pause')
    expect(body).toContain('While you were away')
    expect(body).toContain('whom you follow')
    // The pause began three days before, so older papers are left out.
    expect([/\/paper\/2613\.00001"/.test(body), /\/paper\/2614\.00001"/.test(body)]).toEqual([true, false])
  })

  it('compares a mail with the other engine, the last commit, dark mode, a phone or the text', async () => {
    for (const beside of ['engine', 'commit', 'dark', 'phone', 'text']) {
      const { body } = await bench.get(`/?scenario=one&beside=${beside}`)
      expect([beside, body.match(/class="pane /g)?.length]).toEqual([beside, 2])
    }
    expect((await bench.get('/mail?revision=commit&engine=react')).status).toBe(200)
  })

  it('has every mail on the contact sheet', async () => {
    const { body } = await bench.get('/sheet')
    for (const scenario of ALL) expect(body).toContain(`scenario=${scenario}`)
  })

  it('accepts edited props, and shows errors in them', async () => {
    const page = await bench.get('/?scenario=one&panel=props')
    expect(page.body).toContain('&quot;papers&quot;')
    const confirm = { brand: { name: 'Renamed', publicUrl: 'https://papers.example.org', postalAddress: null } }
    const good = {
      kind: 'confirm',
      ...confirm,
      address: 'a@b.example',
      confirmUrl: 'https://x.example/c',
      expiresInHours: 3,
    }
    const kept = await bench.post('/edit?scenario=transactional.confirm', { props: JSON.stringify({ props: good }) })
    expect(kept.status).toBe(303)
    expect((await bench.get(kept.headers.get('location') ?? '')).body).toContain('Confirm your subscription to Renamed')
    const noJson = await bench.post('/edit?scenario=one', { props: '{\n"props": \n}' })
    expect([noJson.status, noJson.body]).toEqual([
      422,
      expect.stringMatching(/This is not valid JSON: [^<]*\(line 3\)/),
    ])
    const noPapers = await bench.post('/edit?scenario=one', { props: '{"props": {}}' })
    expect([noPapers.status, noPapers.body]).toEqual([422, expect.stringContaining('subscriber: Invalid input')])
  })

  it('selects from the papers of edited props', async () => {
    const raw = (await bench.get('/?scenario=typical&panel=props')).body
    const json = (/<textarea[^>]*>([\s\S]*?)<\/textarea>/.exec(raw)?.[1] ?? '')
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&amp;', '&')
    const edit = JSON.parse(json)
    edit.props.papers = [{ ...edit.props.papers[3], id: '2611.99999', title: 'A Title of My Own' }]
    const kept = await bench.post('/edit?scenario=typical', { props: JSON.stringify(edit) })
    const page = await bench.get(kept.headers.get('location') ?? '')
    expect(page.body).toMatch(/<h1>A Title of My Own<\/h1>/)
  })
})

describe('strangers', () => {
  const rebound = () =>
    new Promise<number>((resolve, reject) => {
      const { hostname, port } = new URL(bench.url)
      request({ hostname, port, path: '/', headers: { host: `evil.example:${port}` } }, (answer) => {
        answer.resume()
        resolve(answer.statusCode ?? 0)
      })
        .on('error', reject)
        .end()
    })

  it('are rejected under another host name', async () => {
    expect(await rebound()).toBe(421)
    expect((await bench.get('/')).status).toBe(200)
  })

  it('cannot send a mail from another page', async () => {
    for (const origin of ['https://evil.example', 'null', 'http://127.0.0.1:1'])
      expect((await bench.post('/send', { address: 'ada@example.org' }, { origin })).status).toBe(403)
    expect((await bench.post('/send', { address: 'ada@example.org' }, {})).status).toBe(403)
  })
})

describe('send me this', () => {
  it('names the transport, asks for the address, and marks the subject', async () => {
    const asked = await bench.get('/send?scenario=one')
    expect(asked.body).toContain('Send through outbox')
    const wrong = await bench.post('/send?scenario=one', { address: 'not an address' })
    expect([wrong.status, wrong.body]).toEqual([422, expect.stringContaining('Not sent')])
    const sent = await bench.post('/send?scenario=one', { address: 'ada@example.org' })
    expect(sent.body).toContain('Sent to ada@example.org through outbox')
    const [file] = readdirSync(bench.outbox).filter((name) => name.endsWith('.eml'))
    const mail = await simpleParser(readFileSync(join(bench.outbox, file ?? '')))
    expect(mail.subject).toMatch(/^\[Preview\] What Smaller Models/)
    expect([mail.to].flat()[0]?.text).toBe('ada@example.org')
  })
})
