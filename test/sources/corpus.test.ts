import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parseFeed } from '../../src/sources/arxiv/arxiv-feed.ts'
import { parseDailyPapers } from '../../src/sources/daily-papers.ts'
import { readable } from '../../src/text/latex/latex.ts'
import { plainText } from '../../src/text/plain-text.ts'

// Real texts are outside of the repository.
const DATA = '../shared/data'
const here = existsSync(DATA)
const data = here ? describe : describe.skip
const CHARS_MAX = 100_000

// Unreadable rests: a command, empty braces, an unset script, a dollar that is not money.
const LEFTOVERS = /\\|\{\}|[_^]\{|\$(?!\s?\.?\d)|textbf|mathcal|mathbb|\d(?:times|rightarrow)/

function rawTexts(): string[] {
  const days = readdirSync(join(DATA, 'hf-daily')).flatMap((file) => json(join('hf-daily', file)))
  const papers = [...days, ...json('hf-papers-page.json')].map(({ paper }) => [
    paper.title,
    paper.summary,
    paper.ai_summary,
  ])
  const messy = ['hf', 'arxiv'].flatMap((name) =>
    readFileSync(join(DATA, `messy/${name}.jsonl`), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line)),
  )
  return [...papers, ...messy.map(({ title, summary }) => [title, summary])]
    .flat()
    .filter((text) => typeof text === 'string')
}

type Item = { paper: { id: string; title: string; summary: string; ai_summary?: string; upvotes: number } }

function json(path: string): Item[] {
  return JSON.parse(readFileSync(join(DATA, path), 'utf8'))
}

data(`a year's texts${here ? '' : ' (skipped: ../shared/data is not there)'}`, () => {
  it('have no unreadable rest', () => {
    const texts = rawTexts()
    const plain = texts.map((text) => plainText(text, CHARS_MAX))
    const left = plain.filter((text) => LEFTOVERS.test(text))
    expect(texts.length).toBeGreaterThan(7_000)
    // 501 of 7,461 raw texts contain some, and no converted text does.
    expect(texts.filter((text) => LEFTOVERS.test(text)).length).toBeGreaterThan(400)
    expect(left).toEqual([])
  })

  it('keep every word that is not a command', () => {
    const lost = rawTexts().flatMap((text) => {
      const plain = plainText(text, CHARS_MAX).toLowerCase()
      // Words next to LaTeX's signs may change; all others must stay.
      const words = text.split(/\s+/).filter((word) => /^[A-Za-z]{3,}[.,]?$/.test(word))
      return words.filter((word) => !plain.includes(word.toLowerCase().replace(/[.,]$/, '')))
    })
    // Names of symbols without their backslash become symbols.
    expect(
      lost.filter(
        (word) => !/^(?:approx|cdots?|leq|geq|[lr]ceil|infty|phi|propto|times|ARleftrightarrowEN)$/.test(word),
      ),
    ).toEqual([])
  })

  it('are the same when they are read again', () => {
    const plain = rawTexts().map((text) => readable(text))
    const changed = plain.filter((text) => readable(text) !== text)
    // In a second pass the braces of `min{a, b}` and `{r}ᵢ` would be groups.
    expect(changed.length).toBeLessThanOrEqual(2)
  })

  it('come with 131 days of papers, none dropped', () => {
    const days = readdirSync(join(DATA, 'hf-daily')).map((file) => ({ items: json(join('hf-daily', file)), file }))
    for (const { items, file } of days) {
      const { listings, dropped } = parseDailyPapers(items)
      expect({ file, count: listings.length, dropped: dropped.count }).toEqual({
        file,
        count: items.length,
        dropped: 0,
      })
      expect(listings.map(({ signals }) => signals.upvotes)).toEqual(items.map(({ paper }) => paper.upvotes))
    }
  })

  it('include the papers of the page, which have no arXiv id and so no arXiv links', () => {
    const { listings, dropped } = parseDailyPapers(json('hf-papers-page.json'))
    expect([listings.length, dropped.count]).toEqual([56, 0])
    expect(
      listings.every(({ paper }) => paper.links.arxiv === undefined && paper.links.huggingface === undefined),
    ).toBe(true)
  })

  it('include the feeds of arXiv', () => {
    const counts = readdirSync(join(DATA, 'arxiv')).map((file) => {
      const feed = parseFeed(readFileSync(join(DATA, 'arxiv', file), 'utf8'))
      return [file.slice(0, 12), feed.kind === 'feed' ? feed.listings.length : feed.reason]
    })
    expect(counts).toEqual([
      ['api_atom_csA', 25],
      ['api_atom_emp', 0],
      ['api_atom_err', 'incorrect id format for abc'],
      ['rss_arxiv_or', 7],
      ['rss_arxiv_or', 0],
    ])
  })
})
