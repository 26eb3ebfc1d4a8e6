import { describe, expect, it } from '@jest/globals'
import { stringify } from 'csv-stringify/sync'
import fc from 'fast-check'
import {
  bare,
  escapeFormula,
  readPhrases,
  unescapeFormula,
  writePhrases,
} from '../../../src/subscriptions/csv/cells.ts'
import { readLines } from '../../../src/subscriptions/csv/lines.ts'

/** Phrases with characters that are special in a cell. */
const phrase = fc
  .array(fc.constantFrom(';', '|', '\\', '"', "'", '=', '+', '-', '@', '＝', ',', 'a', 'é', ' '), { maxLength: 8 })
  .map((messages) => messages.join('').replace(/\s+/g, ' ').trim())
  .filter((text) => text !== '')

describe('the cells of a list', () => {
  it('return the written phrases, whatever they contain', () => {
    fc.assert(
      fc.property(fc.array(phrase, { maxLength: 5 }), (phrases) => {
        expect(readPhrases(bare(writePhrases(phrases)))).toEqual(phrases)
      }),
      { numRuns: 2_000 },
    )
  })

  it('survive a round trip through a file', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(phrase, { maxLength: 4 }), phrase, async (interests, consent) => {
        const text = stringify([['a@example.org', writePhrases(interests), escapeFormula(consent)]], {
          header: true,
          columns: ['email', 'interests', 'consent'],
        })
        const chunks = async function* () {
          yield Buffer.from(text)
        }
        for await (const [line] of readLines(chunks(), { file: 'f', noteHint: 'give --consent-note "…"' }))
          if (line !== undefined) expect(line.row).toEqual({ email: 'a@example.org', interests, consent })
      }),
      { numRuns: 300 },
    )
  })

  it.each([
    ['=cmd|x', "'=cmd\\|x"],
    ['+1', "'+1"],
    ['-1', "'-1"],
    ['@home', "'@home"],
    ['＝cmd', "'＝cmd"],
    ["'=cmd", "''=cmd"],
  ])('a spreadsheet does not run %s, even with semicolons as separators', (formula, written) => {
    expect(writePhrases(['agents', formula])).toBe(`agents;${written}`)
    expect(unescapeFormula(escapeFormula(formula))).toBe(formula)
  })

  it.each([
    ['a; b|c;;', ['a', 'b', 'c']],
    ['TeX \\alpha;C:\\dir', ['TeX \\alpha', 'C:\\dir']],
    ["'@home", ['@home']],
    ['', []],
  ])('written by an earlier release or by hand are read as before: %j', (cell, phrases) => {
    expect(readPhrases(cell)).toEqual(phrases)
  })
})
