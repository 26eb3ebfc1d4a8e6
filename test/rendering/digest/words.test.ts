import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { PREHEADER_CHARS_MAX, SUBJECT_CHARS_MAX } from '../../../config/limits.ts'
import { preheaderOf, shorten, subjectOf } from '../../../src/rendering/digest/subject.ts'
import { wrap } from '../../../src/rendering/wrap.ts'

describe('a subject', () => {
  const long =
    'A thorough study of very many things that one can do with retrieval when nobody is looking at the clock at all'

  it.each([
    ['Short title', 1, 'day', 'Short title'],
    ['Short title', 2, 'day', 'Short title… and 1 more paper'],
    ['Does it end?', 3, 'day', 'Does it end?… and 2 more papers'],
    ['It ends.', 3, 'week', 'It ends… and 2 more papers this week'],
  ] as const)('of %s with %i papers, %s', (title, count, span, subject) => {
    expect(subjectOf(title, count, span)).toBe(subject)
  })

  it('that is too long ends at a word', () => {
    const subject = subjectOf(`${long} ${long}`, 56, 'day')
    expect(subject.length).toBeLessThanOrEqual(SUBJECT_CHARS_MAX)
    expect(subject).toMatch(/… and 55 more papers$/)
    expect(` ${long} `).toContain(` ${subject.replace(/….*/, '')} `)
  })

  it('fits for any title, and never splits a character', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', minLength: 1, maxLength: 300 }),
        fc.integer({ min: 1, max: 100 }),
        (title, n) => {
          const subject = subjectOf(title, n, 'away')
          expect(subject.length).toBeLessThanOrEqual(SUBJECT_CHARS_MAX)
          expect(Buffer.from(subject).toString()).toBe(subject)
          expect(preheaderOf([title, title, title], title).length).toBeLessThanOrEqual(PREHEADER_CHARS_MAX)
        },
      ),
    )
  })

  it('is cut between characters in a script without spaces', () => {
    expect(shorten('研'.repeat(50), 10)).toBe(`${'研'.repeat(9)}…`)
  })
})

describe('wrapped text', () => {
  it('keeps every word, and breaks only scripts without spaces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'paper', '研究の方法', 'x'.repeat(90), 'é'), { minLength: 1 }),
        (words) => {
          const text = words.join(' ')
          const wrapped = wrap(text, 5)
          expect(wrapped.replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''))
          for (const line of wrapped.split('\n').slice(1)) expect(line).toMatch(/^ {5}\S/)
          for (const line of wrapped.split('\n'))
            if (!line.includes('xxx')) expect(line.trim().length).toBeLessThanOrEqual(71)
        },
      ),
    )
  })

  it('counts two columns for a wide character', () => {
    expect(wrap('研'.repeat(100)).split('\n')[0]).toHaveLength(38)
  })
})
