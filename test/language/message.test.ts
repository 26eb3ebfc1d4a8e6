import { describe, expect, it } from '@jest/globals'
import { isValidElement } from 'react'
import { renderToStaticMarkup } from 'react-dom/server'
import { inLanguage, language, openLanguage, say } from '../../src/language/language.ts'
import { sayHtml, sayWith } from '../../src/language/markup.ts'
import { compileMessage, namesIn, parseMessage, patternOf } from '../../src/language/message.ts'
import { reasonBesidesVotes } from '../../src/ranking/explain.ts'
import { escapeHtml } from '../../src/rendering/escape.ts'

const german = openLanguage('de')
const rulesOf = (tag: string) => ({
  number: (value: number) => new Intl.NumberFormat(tag).format(value),
  plural: (value: number, type: Intl.PluralRuleType) => new Intl.PluralRules(tag, { type }).select(value),
})

describe('a message', () => {
  const POLISH = '{count, plural, =0 {nic} one {# praca} few {# prace} many {# prac} other {# pracy}}'
  it.each([
    [0, 'nic'],
    [1, '1 praca'],
    [3, '3 prace'],
    [5, '5 prac'],
    [1.5, '1,5 pracy'],
    [22, '22 prace'],
  ])('has the plural form of its language for %s', (count, words) => {
    expect(compileMessage('x', POLISH, rulesOf('pl')).fill({ count })).toBe(words)
  })

  it('chooses by a value, and takes “other” for an unknown one', () => {
    const { fill } = compileMessage('x', '{kind, select, week {der Woche} other {des {day}}}', rulesOf('de'))
    expect([fill({ kind: 'week', day: '' }), fill({ kind: 'day', day: 'Tages' })]).toEqual(['der Woche', 'des Tages'])
  })

  it('names its key when a value is missing', () => {
    expect(() => compileMessage('mail.x', 'Hello {name}', rulesOf('en')).fill({})).toThrow(
      'mail.x has no value for {name}',
    )
  })

  it('knows the names of its placeholders and tags, in each branch', () => {
    const names = namesIn(parseMessage('<b>{a}</b> {n, plural, one {{b}} other {<i>{c, number}</i>}}'))
    expect([...names].sort()).toEqual(['<b>', '<i>', 'a', 'b', 'c', 'n'])
  })

  it('matches each text that it can become', () => {
    const pattern = new RegExp(
      `^${patternOf(parseMessage('{n, plural, =1 {1 vote} other {{n} votes}}, {rank}. of {all}?'))}$`,
    )
    expect(['1 vote, 2. of 60?', '1,204 votes, 11. of 60?', 'votes of 60'].map((text) => pattern.test(text))).toEqual([
      true,
      true,
      false,
    ])
  })

  it('escapes its values in HTML, and keeps its own tags', () => {
    inLanguage(german, () => {
      const values = { brand: 'A & <B>', address: '"x"@y' }
      const html = sayHtml('mail.confirm.text', values, escapeHtml)
      expect(html).toMatch(/A &amp; &lt;B&gt; an <b>&quot;x&quot;@y<\/b> erhalten\.$/)
      const element = sayWith('mail.confirm.text', { b: (text) => text }, values)
      expect(isValidElement(element) && renderToStaticMarkup(element)).toContain('A &amp; &lt;B&gt; an &quot;x&quot;@y')
    })
  })
})

describe('the language of a piece of work', () => {
  it('is English, and another one inside, across awaits and beside other work', async () => {
    const shown = async () => {
      await new Promise(setImmediate)
      return [
        say('nav.today'),
        language().number(1204.5),
        language().date('2026-11-24', 'long'),
        language().list(['a', 'b', 'c']),
      ]
    }
    const [inside, outside] = await Promise.all([inLanguage(german, shown), shown()])
    expect(inside).toEqual(['Heute', '1.204,5', '24. November 2026', 'a, b und c'])
    expect(outside).toEqual(['Today', '1,204.5', '24 November 2026', 'a, b and c'])
  })

  it.each([
    ['42 Stimmen, Platz 2 von 60 des Tages', null],
    ['Passt zu „agents“ · 1 Stimme, die meisten der Woche', 'Passt zu „agents“'],
    ['42 votes, 2nd of the day’s 60', null],
    ['Von 3 auf 58 Stimmen seit Montag', 'Von 3 auf 58 Stimmen seit Montag'],
  ])('leaves out of “%s” what a list shows anyway', (why, rest) => {
    expect(inLanguage(german, () => reasonBesidesVotes(why))).toBe(rest)
  })
})
