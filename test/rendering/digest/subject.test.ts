import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PREHEADER_CHARS_MAX, SUBJECT_CHARS_MAX } from '../../../config/limits.ts'
import { type DigestSpan, preheaderOf, subjectOf } from '../../../src/rendering/digest/subject.ts'
import { shorten } from '../../../src/rendering/shorten.ts'
import { parseDailyPapers } from '../../../src/sources/daily-papers.ts'
import { DATA, dataIsHere } from './editions.ts'

const LONG = 'A Thorough Study of the Very Many Things that One Can Do with Retrieval when Nobody Looks at the Clock'
const SPANS: readonly DigestSpan[] = ['day', 'week', 'away']

/** Titles, each with its interest after a bar. */
const of = (...titles: readonly string[]) =>
  titles.map((each) => {
    const [title = '', interest = ''] = each.split('|')
    return { title, interest }
  })

describe('a subject', () => {
  it.each([
    ['has both titles whole, if they fit', 'day', ['Owls at Night', 'Larks by Day'], 'Owls at Night; Larks by Day'],
    ['is a single title', 'day', ['Owls at Night.'], 'Owls at Night'],
    [
      'shortens the second title after a word',
      'day',
      ['Owls at Night', LONG],
      'Owls at Night; A Thorough Study of the Very Many Things…',
    ],
    [
      'shortens a title to its name',
      'day',
      ['Owls See Colours at Night in Every Season', 'LarkBench: A Benchmark of Larks at Dawn'],
      'Owls See Colours at Night in Every Season; LarkBench',
    ],
    [
      'continues a name that leaves much room',
      'day',
      ['Owls at Night', 'LB: Measuring what Larks Can Sing when Dawn Has Come to the Fields'],
      'Owls at Night; LB: Measuring what Larks Can Sing when Dawn…',
    ],
    [
      'leaves a name alone where only one more word fits',
      'day',
      ['Owls See Colours at Night in Spring', 'LarkBench: Measuring Larks by Their Songs at Dawn'],
      'Owls See Colours at Night in Spring; LarkBench',
    ],
    ['names a shared interest', 'day', ['Owls|birds', 'Larks|birds'], 'birds: Owls; Larks'],
    ['does not claim a match for the second title', 'day', ['Owls|birds', 'Trains'], 'birds: Owls; also Trains'],
    ['leaves out an interest that is too long', 'day', ['Owls|the behaviour of birds', 'Larks'], 'Owls; Larks'],
    ['leaves out a condition', 'day', ['Owls|category:cs.CL', 'Larks|category:cs.CL'], 'Owls; Larks'],
    ['shows a quoted interest as words', 'day', ['Owls|"night birds"', 'Larks'], 'night birds: Owls; also Larks'],
    ['says that it covers a week', 'week', ['Owls', 'Larks'], 'This week: Owls; Larks'],
    ['says so with an interest too', 'week', ['Owls|birds', 'Larks|birds'], 'This week in birds: Owls; Larks'],
    ['says that it covers a pause', 'away', ['Owls|birds', 'Larks|birds'], 'While you were away: Owls; Larks'],
    ['cuts a script without spaces between characters', 'day', ['研'.repeat(80)], `${'研'.repeat(59)}…`],
    [
      'has no ellipsis after a question',
      'day',
      ['Do Owls Sleep? A Study of Forty Owls over Seven Years of Night'],
      'Do Owls Sleep? A Study of Forty Owls over Seven Years…',
    ],
  ] as const)('%s', (_, span, titles, subject) => {
    expect(subjectOf(of(...titles), span)).toBe(subject)
  })

  it.each([
    ['Owls and the Rest of the World', 24, 'Owls and the Rest…'],
    ['Owls at Night: A Study', 16, 'Owls at Night…'],
    ['Owls (and Larks) at Night', 12, 'Owls…'],
    ['Owls (and Larks) at Night', 20, 'Owls (and Larks)…'],
    ['Seeing “the Night Sky” Again', 18, 'Seeing…'],
    ['Seeing "the Night Sky" Again', 18, 'Seeing…'],
    ['Owls — Larks and More', 8, 'Owls…'],
    ['👩‍👩‍👧‍👦👩‍👩‍👧‍👦', 15, '👩‍👩‍👧‍👦…'],
    ['Owls', 4, 'Owls'],
  ])('%s in %i characters is %s', (text, chars, short) => {
    expect(shorten(text, chars)).toBe(short)
  })
})

// Messy titles find more faults than random letters.
const messy = fc
  .array(
    fc.oneof(
      fc.constantFrom(
        ' ',
        ' ',
        ': ',
        ' of ',
        ' the',
        ' (',
        ')',
        '“',
        '"',
        '…',
        '—',
        'A',
        'Retrieval',
        'e\u0301',
        '👩‍👩‍👧‍👦',
        '研究',
        '\ufffd',
        '$',
        '?',
      ),
      fc.string({ unit: 'grapheme', maxLength: 12 }),
      fc.stringMatching(/^[A-Z][a-z]{2,40}$/),
    ),
    { minLength: 1, maxLength: 40 },
  )
  .map(
    (parts) =>
      parts
        .join('')
        .replace(/[\p{Cc}\s]+/gu, ' ')
        .trim() || 'x',
  )

/** A cut title must not end like this. The tests of words that must not end it are above. */
const UNCLEAN = /(?:[\s:;,([{“‘–—-]|\b(?:of|the|and|with|for))…|……|[\p{Cc}]|[\ud800-\udbff](?![\udc00-\udfff])/u

function expectCalm(subject: string, titles: readonly string[]): void {
  expect(subject.length).toBeLessThanOrEqual(SUBJECT_CHARS_MAX)
  expect(subject).not.toBe('')
  // A title that is unclean itself, or begins with such words only, is shown as it is.
  if (!titles.some((title) => /…|^[^\p{L}]{3}|^[^\p{L}]*(?:of|the|and|with|for)\b|[:;,—] *$/u.test(title)))
    expect(subject).not.toMatch(UNCLEAN)
}

it('a subject of any titles fits, ends cleanly and is always the same', () => {
  fc.assert(
    fc.property(
      messy,
      messy,
      fc.constantFrom(...SPANS),
      fc.constantFrom('', 'birds', 'x'.repeat(90)),
      (one, two, span, interest) => {
        const papers = [
          { title: one, interest },
          { title: two, interest: '' },
        ]
        const subject = subjectOf(papers, span)
        expectCalm(subject, [one, two])
        expect(subjectOf(papers, span)).toBe(subject)
        expectCalm(subjectOf(papers.slice(0, 1), span), [one])
        const graphemes = new Set([...new Intl.Segmenter('en').segment(`${one}\n${two}`)].map(({ segment }) => segment))
        if (span === 'day' && interest === '')
          for (const { segment } of new Intl.Segmenter('en').segment(subject))
            if (!/^[;… ]/.test(segment)) expect(graphemes).toContain(segment)
        expect(preheaderOf([one, two, two, one], two).length).toBeLessThanOrEqual(PREHEADER_CHARS_MAX)
      },
    ),
    { numRuns: 500 },
  )
})

describe('a preview text', () => {
  it('continues the subject, and does not repeat it', () => {
    expect(preheaderOf(['Owls', 'Larks', 'Jays', 'Rooks'], 'Owls see at night.')).toBe('Jays; Rooks')
    expect(preheaderOf(['Owls', 'Larks'], 'Owls see at night.')).toBe('Owls see at night.')
    const preheader = preheaderOf(['Owls', 'Larks', LONG, LONG], '')
    expect(preheader).toMatch(/^A Thorough Study .+ at the Clock; A Thorough Study….*$|^A Thorough Study .+…$/)
    expect(preheader.length).toBeLessThanOrEqual(PREHEADER_CHARS_MAX)
  })
})

const recordedDays = dataIsHere ? readdirSync(join(DATA, 'hf-daily')).sort() : []
const recordedIt = dataIsHere ? it : it.skip

recordedIt('each recorded day has a calm subject for any neighbours in its list (skipped without the data)', () => {
  let subjects = 0
  for (const file of recordedDays) {
    const { listings } = parseDailyPapers(JSON.parse(readFileSync(join(DATA, 'hf-daily', file), 'utf8')))
    const titles = listings.map(({ paper }) => paper.title)
    for (const [index, title] of titles.entries()) {
      const other = titles[index + 1] ?? titles[0] ?? ''
      const interest = index % 3 === 0 ? 'video' : ''
      const subject = subjectOf(
        [
          { title, interest },
          { title: other, interest },
        ],
        SPANS[index % 3] ?? 'day',
      )
      expectCalm(subject, [title, other])
      // Each shown title begins as the title does, and no word of it is cut.
      const shown = subject.replace(/^(?:This week(?: in video)?|While you were away|video): /, '').split('; ')
      for (const part of shown) {
        const begun = [title, other].filter((each) => each.startsWith(part.replace(/…$/, '')))
        const atWord = begun.some((each) => !/^[\p{L}\p{N}]/u.test(each.slice(part.replace(/…$/, '').length)))
        if (begun.length > 0) expect(atWord ? '' : part).toBe('')
      }
      subjects += 1
    }
  }
  expect(subjects).toBeGreaterThan(1_000)
})
