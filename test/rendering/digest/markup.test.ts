import { describe, expect, it } from '@jest/globals'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import type { TemplateFragment } from '../../../src/rendering/digest/placeholders.ts'
import { TEMPLATE_ENGINES } from '../../../src/rendering/digest/props.ts'
import { mailedBytes } from '../../../src/rendering/fragment.ts'
import { renderMjml } from '../../../src/rendering/mjml.ts'
import { edition, orderFor, papers } from './editions.ts'
import { decode } from './reading.ts'

const html = ({ chunks }: TemplateFragment) => chunks.map(({ text }) => text).join('')
/** The size of the markup without texts and addresses. */
const markupBytes = (fragment: TemplateFragment) =>
  mailedBytes(
    html(fragment)
      .replace(/href="[^"]*"/g, 'href=""')
      .replace(/>[^<]+/g, '>'),
  )

describe('the markup of a digest', () => {
  it.each(TEMPLATE_ENGINES)('is small in each part (%s)', async (engine) => {
    const { html: shell, papers: compiled } = await compileDigest(edition(papers(3)), engine)
    // 2.2 KB of rules, and the line on what the papers were chosen for.
    expect(mailedBytes(html(shell.head))).toBeLessThanOrEqual(4_300)
    expect(mailedBytes(html(shell.tail))).toBeLessThanOrEqual(700)
    for (const { html: paper } of compiled.values()) {
      expect(markupBytes(paper.card)).toBeLessThanOrEqual(700)
      expect(markupBytes(paper.line)).toBeLessThanOrEqual(250)
    }
  })

  it('has the same rules and the same cards in both engines', async () => {
    const made = await Promise.all(TEMPLATE_ENGINES.map((engine) => compileDigest(edition(papers(2)), engine)))
    const [mjml, react] = made.map((compiled) => {
      const [, rules] = /<style>(.*?)<\/style>/.exec(html(compiled.html.head)) ?? []
      const cards = [...compiled.papers.values()].map(({ html: { card, line } }) => html(card) + html(line))
      const neutral = [...cards, html(compiled.html.list), html(compiled.html.more)].join('')
      return {
        rules,
        neutral: decode(neutral)
          .toLowerCase()
          .replace(/\s*\/?>\s*/g, '>'),
      }
    })
    expect(mjml?.rules).toContain('prefers-color-scheme:dark')
    expect(react).toEqual(mjml)
  })

  it('is 600 px wide in Outlook, and has no other conditional comment in its body', async () => {
    const props = edition(papers(1))
    const { html: mail } = assembleDigest(await compileDigest(props, 'mjml'), orderFor(props))
    const comments = mail.slice(mail.indexOf('<body')).match(/<!--.*?-->/g)
    expect(comments).toHaveLength(2)
    expect(comments?.[0]).toMatch(/^<!--\[if mso \| IE\]><table [^>]*width="600"/)
  })
})

describe('the document that MJML writes', () => {
  const render = (head: string, body: string) => {
    const source = `<mjml lang="en"><mj-head>${head}</mj-head><mj-body><mj-section>${body}</mj-section></mj-body></mjml>`
    return renderMjml('test', {}, { mjml: () => () => source, text: () => () => '' })
  }

  it('keeps the widths of several columns, in Outlook too', async () => {
    const column = '<mj-column width="50%"><mj-text>Half</mj-text></mj-column>'
    const made = await render('', column + column)
    expect(made).toMatch(/\.mj-column-per-50\{ ?width: ?50% !important; ?max-width: ?50%; ?\}/)
    expect(made.match(/<td style="vertical-align:top;width:300px">/g)).toHaveLength(2)
  })

  it('keeps the rules of a component, the head of a template, and its texts', async () => {
    const image = '<mj-image alt="A; b" fluid-on-mobile="true" src="https://papers.example/x.png" />'
    const head = '<mj-raw><meta name="x" content="y"></mj-raw><mj-style>.a .b{\ncolor:red}</mj-style>'
    const made = await render(head, `<mj-column>${image}<mj-text>One\n  <b>two</b>\n  three</mj-text></mj-column>`)
    expect(made).toContain('.mj-full-width-mobile')
    expect(made).toContain('<meta name="x" content="y">')
    expect(made).toContain('.a .b{color:red}')
    expect(made).toContain('alt="A; b"')
    expect(made).toContain('One\n<b>two</b>\nthree')
  })
})
