import { describe, expect, it } from '@jest/globals'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { createPlaceholderMarks } from '../../../src/rendering/digest/placeholders.ts'
import { type DigestProps, TEMPLATE_ENGINES } from '../../../src/rendering/digest/props.ts'
import { edition, orderFor, paper, papers, SITE } from './editions.ts'
import { activeAttributesOf, faultsOf, linksOf, wordsOf } from './reading.ts'

const TEXTS = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '{{slot.unsubscribeUrl}} {{{brand}}} {{#each papers}} {{/frame}}',
  '{% raw %} <%= x %> [[x]] #{x}',
  '</td></tr></table><mj-raw>x</mj-raw><mj-include path="/etc/passwd" />',
  ']]> <!-- --> <![endif]--> <!--[if mso]>',
  '<tr data-cut="pr0slot-card"></tr> pr0slot-why- pr0slot-unsubscribeUrl- pr1slot-rank-',
  '&lt;b&gt; &amp;amp; &#x3C;script&#x3E;',
  '<!--$--> $& $1 $$ \\u003c',
]

async function digestsOf(props: DigestProps, order = orderFor(props)) {
  const compiled = await Promise.all(TEMPLATE_ENGINES.map((engine) => compileDigest(props, engine)))
  return compiled.map((each) => assembleDigest(each, order))
}

describe('hostile text', () => {
  it.each(TEXTS)('is shown as plain text: %s', async (text) => {
    const props = edition(
      [
        paper('h-1', { title: text, abstract: text, authorLine: text, organization: text }),
        paper('h-2', { title: text, abstract: text }),
      ],
      { incomplete: text, brand: { name: text, publicUrl: SITE, postalAddress: text } },
    )
    const order = orderFor(props, { featured: 1 })
    const slots = { ...order.slots, reason: text }
    const chosenBy = { ...order.chosenBy, interests: [text] }
    const picks = order.picks.map((pick) => ({ ...pick, why: text }))
    for (const { html, text: written, subject } of await digestsOf(props, { ...order, slots, picks, chosenBy })) {
      expect(faultsOf(html)).toEqual([])
      expect(activeAttributesOf(html)).toEqual([])
      expect(html).not.toMatch(/<(?:script|img|mj-)/i)
      // Note, brand twice, title twice, byline twice, reason lines twice, abstract, footer three times, and the preheader.
      expect(wordsOf(html).split(text).length - 1).toBe(14)
      expect(written.replace(/\s+/g, '').split(text.replace(/\s+/g, '')).length - 1).toBe(13)
      expect(subject.slice(0, 12)).toBe(text.slice(0, 12))
      expect(linksOf(html)).toHaveLength(2 + 1 + 1 + 2 + 3 + 1 + 3)
    }
  })

  it('is shown as plain text as an interest in the line at the top', async () => {
    const props = edition(papers(1))
    const interest = '<b>&"x"</b> {{brand}}'
    const { picks } = orderFor(props)
    const order = orderFor(props, { picks: picks.map((pick) => ({ ...pick, kind: 'interest' as const, interest })) })
    for (const { html, text } of await digestsOf(props, order))
      for (const words of [wordsOf(html), text]) expect(words).toContain(`1 paper: 1 for ${interest}.`)
  })

  it('leaves out a link that is not a web address, and keeps the paper', async () => {
    const bad = [
      'javascript:alert(1)',
      'data:text/html,x',
      'https://a.example/" onclick="x',
      '//a.example',
      'mailto:a@b',
    ]
    const links = [...bad, 'https://good.example/x'].map((url, index) => ({ label: `Link ${index}`, url }))
    for (const { html, text } of await digestsOf(edition([paper('h-1', { links })]))) {
      expect(linksOf(html).filter((url) => url.includes('good.example'))).toHaveLength(1)
      expect(wordsOf(html)).toContain('Link 5 More like this')
      for (const url of bad) expect(html + text).not.toContain(url)
    }
  })

  it('throws if one of our own links is not a web address', async () => {
    const props = edition(papers(1))
    const order = orderFor(props)
    const evil = 'javascript:alert(1)'
    for (const name of ['unsubscribeUrl', 'preferencesUrl', 'browserUrl'] as const)
      await expect(digestsOf(props, { ...order, slots: { ...order.slots, [name]: evil } })).rejects.toThrow(/http\(s\)/)
    await expect(digestsOf(props, { ...order, feedbackUrl: evil })).rejects.toThrow(/http\(s\)/)
    await expect(digestsOf(edition([paper('h-1', { url: evil })]))).rejects.toThrow(/http\(s\)/)
  })

  it('a title can neither change the direction of the subject nor break its line', async () => {
    const props = edition([
      paper('h-1', { title: 'A\u202ecilbup\u2066\r\nBcc: x@example.org\u0000\u0007' }),
      paper('h-2'),
    ])
    for (const { subject, text, html } of await digestsOf(props)) {
      expect(subject).toBe('Acilbup Bcc: x@example.org; A study numbered h-2')
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what must be gone.
      expect(html + text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u202a-\u202e\u2066-\u2069]/)
    }
  })

  it('a lone surrogate becomes the replacement character', async () => {
    for (const { html, text } of await digestsOf(edition([paper('h-1', { title: 'Half \ud83d here 😀' })])))
      for (const part of [wordsOf(html), text]) expect(part).toContain('Half \ufffd here 😀')
  })

  it('the marks are words that do not occur in the edition', () => {
    expect(createPlaceholderMarks('calm').word).toBe('pr0slot')
    expect(createPlaceholderMarks('pr0slot and PR1SLOT').word).toBe('pr2slot')
  })
})
