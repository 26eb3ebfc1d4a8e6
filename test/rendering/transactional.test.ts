import { describe, expect, it } from '@jest/globals'
import { day } from '../../src/domain/day.ts'
import { DEFAULT_PREFERENCES } from '../../src/domain/subscriber.ts'
import { TEMPLATE_ENGINES } from '../../src/rendering/digest/props.ts'
import { renderTransactional } from '../../src/rendering/transactional.ts'
import type { TransactionalProps } from '../../src/rendering/transactional-props.ts'
import { edition, SITE } from './digest/editions.ts'
import { activeAttributesOf, faultsOf, linksOf, paragraphsOf, wordsOf } from './digest/reading.ts'

const { brand } = edition([])
const preferences = { ...DEFAULT_PREFERENCES, interests: ['agents', '"><img src=x>'], timezone: 'Europe/Vienna' }
const links = { preferencesUrl: `${SITE}/preferences/t`, unsubscribeUrl: `${SITE}/unsubscribe/t` }
const next = { kind: 'from', day: day('2026-11-30'), hour: 8 } as const
const TRANSACTIONALS: TransactionalProps[] = [
  { kind: 'confirm', brand, address: "o'hara&co@example.org", confirmUrl: `${SITE}/confirm/t`, expiresInHours: 48 },
  { kind: 'welcome', brand, preferences, next, ...links },
  {
    kind: 'welcome',
    brand,
    preferences: { ...preferences, frequency: 'weekly', weekday: 5, interests: [] },
    next: null,
    ...links,
  },
  { kind: 'goodbye', brand, preferencesUrl: links.preferencesUrl },
  { kind: 'address-changed', brand, restoreUrl: `${SITE}/restore-address/t`, worksForDays: 7 },
  { kind: 'preferences-link', brand, ...links },
  {
    kind: 'address-confirm',
    brand,
    address: "o'hara&co@example.org",
    confirmUrl: `${SITE}/address/t`,
    expiresInHours: 48,
  },
  { kind: 'known', brand, ...links },
  {
    kind: 'goodbye',
    brand: { ...brand, name: '<script>{{x}}', postalAddress: null },
    preferencesUrl: `${SITE}/p?a=1&b=2`,
  },
]

describe.each(TRANSACTIONALS)('a $kind email', (props) => {
  it('is valid, loads nothing, and says the same in both engines', async () => {
    const [mjml, react] = await Promise.all(TEMPLATE_ENGINES.map((engine) => renderTransactional(props, engine)))
    for (const transactional of [mjml, react]) {
      const html = transactional?.html ?? ''
      expect(faultsOf(html)).toEqual([])
      expect(html.match(/<h1/g)).toHaveLength(1)
      expect(activeAttributesOf(html)).toEqual([])
      expect(html).not.toMatch(/<(?:img|script)/)
      expect(linksOf(html).filter((url) => !url.startsWith('https://'))).toEqual([])
    }
    expect(wordsOf(react?.html ?? '')).toBe(wordsOf(mjml?.html ?? ''))
    expect(linksOf(react?.html ?? '')).toEqual(linksOf(mjml?.html ?? ''))
    expect({ ...react, html: '' }).toEqual({ ...mjml, html: '' })
  })

  it('has the same text in its text part', async () => {
    const { html, text } = await renderTransactional(props, 'mjml')
    for (const url of linksOf(html).slice(1)) expect(text).toContain(url)
    const flat = text.replace(/\s+/g, ' ')
    const paragraphs = paragraphsOf(html)
    expect(paragraphs.length).toBeGreaterThan(4)
    for (const paragraph of paragraphs) expect(flat).toContain(paragraph)
    expect(text).not.toMatch(/&(?:amp|lt|quot|#)|\n{3}/)
  })
})

describe('the text of a transactional email', () => {
  const find = (kind: string, index = 0) => {
    const props = TRANSACTIONALS.filter((each) => each.kind === kind)[index]
    if (props === undefined) throw new Error(`no ${kind}`)
    return props
  }

  it('a confirmation has the address, the button and its lifetime', async () => {
    const { subject, html, text } = await renderTransactional(find('confirm'), 'react')
    expect(subject).toBe('Confirm your subscription to Paperround')
    expect(linksOf(html)).toContain(`${SITE}/confirm/t`)
    for (const words of [wordsOf(html), text]) {
      expect(words).toContain("o'hara&co@example.org")
      expect(words).toContain('48 hours')
      expect(words).toContain('If you did not ask for this')
      expect(words).not.toMatch(/unsubscribe/i)
    }
  })

  it('a welcome repeats the preferences and has an unsubscribe link', async () => {
    const daily = await renderTransactional(find('welcome'), 'mjml')
    expect(daily.text).toContain('comes every day that has papers, after 08:00')
    expect(daily.text.replace(/\s+/g, ' ')).toContain('agents, "><img src=x>.')
    expect(daily.text).toContain(links.unsubscribeUrl)
    const weekly = await renderTransactional(find('welcome', 1), 'mjml')
    expect(weekly.text).toContain('from Friday on')
    expect(weekly.text).toContain('Add interests')
  })

  it('throws for a link that is not a web address', async () => {
    const props: TransactionalProps = { kind: 'goodbye', brand, preferencesUrl: 'javascript:alert(1)' }
    await expect(renderTransactional(props, 'mjml')).rejects.toThrow(/http\(s\)/)
  })
})
