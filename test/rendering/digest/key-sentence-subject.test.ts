import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { BRIEF_WORDS_MAX, KEY_SENTENCE_CHARS_MAX } from '../../../config/limits.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { briefOf } from '../../../src/rendering/digest/brief.ts'
import { filesOf } from '../../../src/rendering/digest/compile.ts'
import { mentionsOf, workNames } from '../../../src/rendering/digest/key-sentence/work-names.ts'
import { keySentenceOf } from '../../../src/rendering/digest/key-sentence.ts'
import { cleanLine } from '../../../src/rendering/escape.ts'

const TITLE = 'Lantern: Caches for Long Documents'
const PROBLEM = 'Long documents are slow to read.'
const NAMED = 'We present Lantern, a cache that keeps the paragraphs which readers ask for again.'

describe('a result that says little alone gives way to the sentence that introduces the work', () => {
  it.each([
    ['no figure', 'Extensive experiments show that Lantern outperforms all known caches on four benchmarks.'],
    ['only “it”', 'It improves the share of right answers by 3.2% over the best known cache.'],
    ['“it” after a clause', 'When tested on four benchmarks, it outperforms all known caches by 12%.'],
    ['only “our method”', 'Experiments show that our method outperforms all known caches by 12% on four benchmarks.'],
    ['only “the proposed”', 'The proposed approach achieves a 2.5x speed-up over the best known cache in all tests.'],
    ['only “this approach”', 'We demonstrate that this approach achieves state-of-the-art results at 40% lower cost.'],
    ['“these results”', 'These results show that Lantern outperforms all known caches by a factor, up to 12%.'],
    ['“such”', 'Such gains of 12% show that we outperform the best known cache without additional cost.'],
    ['“they”', 'They achieve 31% higher accuracy than the best known caches on four benchmarks of documents.'],
    ['“however”', 'However, Lantern achieves state-of-the-art accuracy, 12% better than all known caches.'],
    [
      'the name only as the place',
      'Our model outperforms GPT by 12% on Lantern, the best result of all models so far.',
    ],
    [
      'a figure of another work',
      'Experiments show that larger caches outperform smaller ones by 12% on four benchmarks.',
    ],
    ['a part of the work', 'We further introduce a loss that achieves 12% better results than the best known ones.'],
  ])('%s', (_what, result) => {
    expect(keySentenceOf([PROBLEM, NAMED, result].join(' '), TITLE)).toBe(NAMED)
    expect(keySentenceOf([PROBLEM, result, NAMED].join(' '), TITLE)).toBe(NAMED)
  })

  it.each([
    [
      'the name and a figure',
      'Experiments show that Lantern outperforms the best known cache by 12% on four benchmarks.',
    ],
    [
      'a variant and a multiple',
      'Notably, Lantern-7B answers 3.1x faster than the best known cache without losing recall.',
    ],
    ['two figures', 'Lantern outperforms the best known cache and lifts the score from 31 to 58 for all readers.'],
  ])('but not with %s', (_what, result) => {
    expect(keySentenceOf([PROBLEM, NAMED, result].join(' '), TITLE)).toBe(result)
  })
})

describe('the sentence that introduces the work', () => {
  const RESULT = 'It achieves state-of-the-art results and outperforms all known ones by 12%.'
  it.each([
    [
      'a name that the title lacks',
      'Reading Again',
      'We close this gap and propose Wick, a cache of paragraphs for readers.',
    ],
    [
      'a name of several words',
      'Reading',
      'This paper introduces Warm Reading Cache (WRC), which keeps paragraphs for readers.',
    ],
    [
      'a name after its kind',
      'Reading',
      'To address this, we develop an open benchmark, ReadBench, for caches of paragraphs.',
    ],
    [
      'a name that begins small',
      'On Reading',
      'We release vLantern, an open cache that keeps paragraphs for its readers.',
    ],
    [
      'a name that the paper coins',
      'On Reading',
      'We keep paragraphs near the reader, a scheme that we call WarmRead, in four caches.',
    ],
    ['what the name is', 'Wick: Reading', 'Wick is an open cache that keeps the paragraphs which its readers ask for.'],
    ['a work without a name', 'On Reading', 'We propose a cache that keeps the paragraphs which its readers ask for.'],
  ])('has %s', (_what, title, naming) => {
    expect(keySentenceOf([PROBLEM, naming, RESULT].join(' '), title)).toBe(naming)
  })

  it('gives way to a result with the name if it says only what came before', () => {
    const vague = 'To this end, we present Lantern, a new framework of caches that addresses both issues.'
    const result = 'Experiments show that Lantern outperforms all known caches and keeps all paragraphs.'
    expect(keySentenceOf([PROBLEM, vague, result].join(' '), TITLE)).toBe(result)
  })

  it('is not needed for a finding about the world', () => {
    const finding = 'We find that readers ask for the same paragraph again within one hour in 40% of all cases.'
    const setting = 'We present a study of four libraries and of the readers in their halls.'
    expect(keySentenceOf([PROBLEM, setting, finding].join(' '), 'How People Read')).toBe(finding)
  })
})

describe('the key sentence on a card of two lines', () => {
  it('names its subject before the cut', () => {
    const late = `For documents ${'of many pages and chapters '.repeat(6)}we present Lantern, a cache for readers.`
    const early = 'We design Lantern as a cache that keeps the paragraphs which readers ask for again.'
    for (const abstract of [
      [PROBLEM, late, early],
      [PROBLEM, early, late],
    ]) {
      const key = keySentenceOf(abstract.join(' '), TITLE)
      expect(key).toBe(early)
      expect(briefOf(key).split(' ').slice(0, BRIEF_WORDS_MAX).join(' ')).toContain('Lantern')
    }
  })
})

describe('the names of a work', () => {
  it.each([
    ['Lantern: A Cache', 'Slow. We present Lantern, a cache.', ['Lantern']],
    ['LANTERN: A Cache', 'Slow. We present Lantern (LT), a cache.', ['LANTERN', 'Lantern', 'LT']],
    ['Slow Reading: A Survey of Caches', 'We review caches of paragraphs.', []],
    ['How Large Language Models Read', 'We show that LLMs read. We present the first study of VLMs.', []],
  ])('%s', (title, abstract, names) => {
    expect(workNames(title, abstract.split(/(?<=\.) /))).toEqual(names)
  })

  it('are found as words', () => {
    expect(mentionsOf('Lanterns, ReLantern and LanternBench are not one; Lantern’s is.', 'Lantern')).toHaveLength(2)
    expect(mentionsOf('Lantern-2k is a variant.', 'Lantern')).toEqual([{ from: 0, to: 7, exact: false }])
  })
})

it('a key sentence is part of any abstract about named works, whole, and the same every time', () => {
  const sentence = fc
    .tuple(
      fc.constantFrom('However, it', 'We present Lantern, which', 'Lantern (LT)', 'Our method', 'These results', 'İt'),
      fc.constantFrom('outperforms', 'is a cache that keeps', 'improves by 12%', 'addresses both issues'),
      fc.string({ maxLength: 30, unit: 'grapheme' }),
    )
    .map((parts) => `${parts.join(' ')}.`)
  fc.assert(
    fc.property(
      fc.array(sentence, { minLength: 1, maxLength: 12 }),
      fc.string({ maxLength: 30 }),
      (sentences, title) => {
        const abstract = cleanLine(sentences.join(' '))
        const key = keySentenceOf(abstract, `Lantern${title}: A Cache`)
        expect(abstract).toContain(key)
        expect(key).not.toBe('')
        expect(key.length).toBeLessThanOrEqual(KEY_SENTENCE_CHARS_MAX)
        expect(keySentenceOf(abstract, `Lantern${title}: A Cache`)).toBe(key)
      },
    ),
    { numRuns: 150 },
  )
})

it('the template version covers the choice of key sentences, which has a folder of its own', () => {
  expect(filesOf(join(PACKAGE_ROOT, 'src/rendering'))).toContain(join('digest', 'key-sentence', 'cues.ts'))
})
