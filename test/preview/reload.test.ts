import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { until } from '../support/until.ts'
import { type Bench, openBench } from './bench.ts'

let bench: Bench
beforeAll(async () => {
  bench = await openBench()
})
afterEach(() => bench.restore())
afterAll(() => bench.close())

const page = async (query: string) => (await bench.get(`/?${query}`)).body

describe('a template that is saved', () => {
  it.each([
    ['mjml', 'digest/digest.mjml', '{{say "digest.browser"}}', 'See it elsewhere'],
    ['mjml', 'frame/frame.mjml', '{{look.colour.sheet}}', '#abcdef'],
    ['react', 'digest/digest.tsx', "{say('digest.browser')}", 'See it elsewhere'],
    ['react', 'frame/style.ts', "SOFT = 'var(--soft)'", "SOFT = '#abcdef'"],
  ])('is shown at the next request (%s, %s)', async (engine, file, from, to) => {
    const before = (await bench.get(`/mail?engine=${engine}`)).body
    bench.edit(file, from, to)
    const after = (await bench.get(`/mail?engine=${engine}`)).body
    const word = /See it elsewhere|#abcdef/
    expect([before, after].map((html) => word.test(html))).toEqual([false, true])
  })

  it('is announced to the pages that listen', async () => {
    const listening = new AbortController()
    const answer = await fetch(`${bench.url}/events`, { signal: listening.signal })
    let heard = ''
    const reading = (async () => {
      for await (const chunk of answer.body ?? []) heard += Buffer.from(chunk).toString()
    })().catch(() => {})
    await until('the stream is open', () => heard.includes('watching'))
    bench.edit('welcome/welcome.mjml', '{{say "mail.welcome.heading"}}', 'You are in')
    // Late events of the files that the set-up copied may come first.
    await until('the change is heard', () => /event: changed\n.*welcome\.mjml/.test(heard))
    listening.abort()
    await reading
  })
})

describe('a template with an error is shown in place, with file and line', () => {
  it.each([
    ['a block that is not closed', 'digest/digest.mjml', '{{#if incomplete}}', '{{#if incomplete}}{{#if brand}}'],
    ['a name that the view lacks', 'digest/digest.mjml', '{{dayLong}}', '{{dayLang}}'],
    ['a tag that MJML does not have', 'digest/digest.mjml', '<mj-table role', '<mj-tabel role'],
    ['an attribute that MJML does not have', 'digest/digest.mjml', 'align="right"', 'alignment="right"'],
  ])('%s', async (_, file, from, to) => {
    bench.edit(file, from, to)
    const body = await page('scenario=typical')
    expect(body).toContain('This template has an error')
    const line = /templates\/digest\/digest\.mjml:(\d+)/.exec(body)?.[1]
    expect(Number(line)).toBeGreaterThan(0)
    expect(body).toMatch(/<li class="here"><code>[^<]*(?:\{\{dayLang|mj-tabel|alignment|\{\{)/)
    expect((await bench.get('/mail?scenario=typical')).status).toBe(500)
    expect(await page('scenario=transactional.confirm')).not.toContain('This template has an error')
  })

  it('an unknown name in the frame of all mails', async () => {
    bench.edit('frame/frame.mjml', '{{title}}', '{{titel}}')
    expect(await page('scenario=transactional.confirm')).toMatch(/templates\/frame\/frame\.mjml:3/)
  })

  it.each([
    ['digest/digest.mjml', '</mj-table>', '</mj-tabel>', /closes an element that is not open/],
    [
      'digest/digest.mjml',
      '{{slot.heading}}</h1>',
      '{{slot.heading}}',
      /&lt;h1&gt; is not closed before &lt;\/mj-text&gt;/,
    ],
    ['frame/frame.mjml', '    </mj-section>', '    </mj-section></mj-section>', /closes an element that is not open/],
  ])('a tag without its partner, in %s: %s → %s', async (file, from, to, words) => {
    const line = bench.lineOf(file, from)
    bench.edit(file, from, to)
    const body = await page('scenario=typical')
    expect(body).toMatch(words)
    expect(body).toContain(`templates/${file}:${line}<`)
  })

  it('a React template that does not compile', async () => {
    bench.edit('digest/digest.tsx', '<Masthead view={view} />', '<Masthead view={view} /')
    expect(await page('scenario=typical&engine=react')).toMatch(/templates\/digest\/digest\.tsx:\d+/)
    expect(await page('scenario=typical&engine=mjml')).not.toContain('This template has an error')
  })

  it('a React template that throws', async () => {
    bench.edit('confirm/confirm.tsx', 'view.hours', '(view as never as { a: { b: never } }).a.b')
    const body = await page('scenario=transactional.confirm&engine=react')
    expect(body).toMatch(/templates\/confirm\/confirm\.tsx:18/)
    expect(body).toContain('Cannot read properties of undefined')
  })

  it('a template without its cut marks, for which there is no line', async () => {
    bench.edit('digest/digest.mjml', '<tr data-cut="{{cut}}-end"></tr>', '')
    expect(await page('scenario=typical')).toContain('must mark each card')
  })
})

it('a new mail appears without a restart', async () => {
  bench.edit('goodbye/goodbye.mjml', 'heading', 'heading')
  const { mkdirSync } = await import('node:fs')
  mkdirSync(join(bench.folder, 'come-back'))
  writeFileSync(join(bench.folder, 'come-back', 'come-back.mjml'), '{{#> transactional}}{{/transactional}}')
  expect(await page('scenario=typical')).toContain('Come back')
})
