import { describe, expect, it } from '@jest/globals'
import { mutesPaper, readInterest } from '../../src/ranking/interest.ts'
import { lexemesOf } from '../../src/ranking/search/indexed-paper.ts'
import { foldPaper } from '../../src/ranking/topic/folded-text.ts'
import { GRADE, gradeOf } from '../../src/ranking/topic/grade.ts'
import { readTopic } from '../../src/ranking/topic/topic.ts'
import { createLexicon } from '../../src/ranking/words/lexicon.ts'
import { paperOf } from '../support/papers.ts'

const archive = createLexicon([{ title: 'A', abstract: 'We plan soft pond repair (SPR).' }])
const BACKGROUND = 'Gardens are old.'
const BODY = 'We water them with a small pump.'
const END = 'Neighbours were pleased.'

/** Returns the name of the grade. */
function grade(
  interest: string,
  title: string,
  sentences: readonly string[],
  keywords: readonly string[] = [],
): string {
  const topic = readTopic(interest, archive)
  if (topic === null) throw new Error('no words')
  const found = gradeOf(topic, foldPaper({ title, abstract: sentences.join(' '), keywords }))
  return Object.entries(GRADE).find(([, value]) => value === found)?.[0] ?? ''
}

/** Returns the grades for “alignment” where one paper in three has the word, and has this title. */
function inArchive(titleOfThese: string) {
  const many = Array.from({ length: 300 }, (_, n) =>
    n % 3 === 0 ? { title: titleOfThese, abstract: 'On alignment.' } : { title: 'Paper', abstract: 'On owls.' },
  )
  const topic = readTopic('alignment', createLexicon(many))
  return (title: string, abstract: string, keywords: readonly string[] = []) =>
    topic === null ? null : gradeOf(topic, foldPaper({ title, abstract: `${abstract} ${END}`, keywords }))
}

describe('a paper', () => {
  it.each([
    ['has the phrase in its title', 'garden pumps', 'On garden pumps', [BODY], 'named'],
    ['has another form of it in its title', 'garden pumps', 'The garden pump', [BODY], 'named'],
    ['has the expansion', 'SPR', 'On ponds', [BACKGROUND, 'We plan soft pond repair.', END], 'full'],
    ['has the abbreviation', 'soft pond repair', 'On ponds', [BACKGROUND, 'We try SPR.', END], 'full'],
    ['has a word as a verb only', 'translation', 'Water', [BACKGROUND, 'We translate old books.', END], 'apart'],
    ['has a word as a verb in its title', 'translation', 'We translate old books', [BODY], 'named'],
    ['has a word in British spelling', 'digitisation', 'Water', [BACKGROUND, 'We study digitization.', END], 'full'],
    [
      'has the words near each other in a list',
      'pond pump',
      'Water',
      [BACKGROUND, 'We sell a pump and a big pond.', END],
      'apart',
    ],
    ['has the phrase once, in its body', 'small pump', 'On ponds', [BACKGROUND, BODY, END], 'full'],
    ['has one word more in between', 'small pumps', 'Ponds', [BACKGROUND, 'We built a small steel pump.', END], 'full'],
    ['turns the phrase with “of”', 'pond repair', 'Water', [BACKGROUND, 'We plan the repair of a pond.', END], 'full'],
    [
      'has the words close by, in another order',
      'pond pump',
      'Water',
      [BACKGROUND, 'A pump drains every deep pond.', END],
      'apart',
    ],
    [
      'has the words in two clauses',
      'pond pump',
      'Water',
      [BACKGROUND, 'They sold the pump, and a pond was dug.', END],
      'apart',
    ],
    [
      'has the words far apart in a sentence',
      'pond pump',
      'Water',
      [BACKGROUND, 'The pump that he bought from a friend of ours in spring stands by a pond.', END],
      'apart',
    ],
    [
      'has the words in two sentences',
      'pond pump',
      'Water',
      [BACKGROUND, 'We bought a pump.', 'There is a pond.', END],
      'scattered',
    ],
    [
      'has half of the phrase at the end of a sentence',
      'old pond',
      'Water',
      ['The house is old. Pond life is new.', BODY, END],
      'scattered',
    ],
    [
      'mentions it in its last sentence',
      'frog ponds',
      'Water',
      [BACKGROUND, BODY, 'This may help frog ponds.'],
      'mention',
    ],
    ['mentions it in its background', 'frog ponds', 'Water', ['Frog ponds are old.', BODY, END], 'mention'],
    [
      'mentions it as an example',
      'frog ponds',
      'Water',
      [BACKGROUND, 'We try places such as frog ponds.', END],
      'mention',
    ],
    [
      'mentions it as a test of something else',
      'frog ponds',
      'Water',
      [BACKGROUND, 'We see a gain, as confirmed by frog ponds.', END],
      'mention',
    ],
    [
      'mentions it in a list',
      'frog ponds',
      'Water',
      [BACKGROUND, 'We try lakes, frog ponds, and rivers.', END],
      'mention',
    ],
    [
      'names it twice, in passing',
      'frog ponds',
      'Water',
      ['Frog ponds are old.', BODY, 'This helps frog ponds.'],
      'full',
    ],
    [
      'says where its code is',
      'frog ponds',
      'Water',
      [BACKGROUND, BODY, 'Code for frog ponds is available at https://example.org/a.'],
      'none',
    ],
    [
      'has it in an address',
      'frogs',
      'Water',
      [BACKGROUND, 'We built Pump (https://example.org/frogs), a pump.', END],
      'none',
    ],
  ])('that %s', (_, interest, title, sentences, wanted) => {
    expect(grade(interest, title, sentences)).toBe(wanted)
  })

  it.each([
    ['stands in the title', 'Frogs at night', [BODY], [], 'named'],
    ['is a keyword only', 'Water', [BACKGROUND, BODY, END], ['frogs'], 'full'],
    ['is named twice', 'Water', [BACKGROUND, 'Frogs like it.', 'Some frogs left.', END], [], 'full'],
    ['is what the work is about', 'Water', [BACKGROUND, 'We count frogs.', END], [], 'full'],
    ['stands once, in the last sentence', 'Water', [BACKGROUND, BODY, 'Frogs may like it.'], [], 'mention'],
    ['stands once, beside the point', 'Water', [BACKGROUND, 'It scares frogs.', END], ['frogs'], 'mention'],
  ])('for a single word that %s', (_, title, sentences, keywords, wanted) => {
    expect(grade('frogs', title, sentences, keywords)).toBe(wanted)
  })

  it('needs more than one place for a word of many papers, in its own form', () => {
    const of = inArchive('Alignment')
    expect(of('Honest alignment', BODY)).toBe(GRADE.named)
    expect(of('Owls', `${BACKGROUND} We study alignment. Alignment is hard.`)).toBe(GRADE.full)
    expect(of('Owls', `${BACKGROUND} We study alignment.`)).toBe(GRADE.once)
    expect(of('Owls', `${BACKGROUND} We study aligned owls. They were aligned.`)).toBeLessThan(GRADE.once)
  })

  it('needs the title for a word of many papers that titles seldom have', () => {
    const of = inArchive('Paper')
    expect(of('Honest alignment', BODY)).toBe(GRADE.named)
    expect(of('Owls', `${BACKGROUND} We study alignment. Alignment is hard.`)).toBe(GRADE.once)
    expect(of('Owls', `${BACKGROUND} We study them.`, ['alignment'])).toBe(GRADE.once)
  })

  it('has no exact phrase across two of its fields or sentences', () => {
    const paper = { title: 'Old ponds', abstract: 'Frogs sing. Nobody hears.', keywords: ['deep water', 'mud'] }
    const { exact } = foldPaper(paper)
    for (const phrase of ['old ponds', 'deep water', 'frogs sing']) expect(exact).toContain(` ${phrase} `)
    for (const phrase of ['ponds deep', 'water mud', 'mud frogs', 'sing nobody'])
      expect(exact).not.toContain(` ${phrase} `)
  })
})

describe('a muted term', () => {
  const muted = (sentences: readonly string[]) => {
    const paper = paperOf('a', { title: 'Water', abstract: sentences.join(' ') })
    const term = readInterest('frog pond', archive)
    const matchable = { paper, folded: foldPaper(paper), authors: [], lexemes: () => lexemesOf(paper) }
    return term !== null && mutesPaper(term, matchable)
  }

  it('hides a mention and all its words in one sentence, but not words that are scattered', () => {
    expect(muted([BACKGROUND, BODY, 'This may help a frog pond.'])).toBe(true)
    expect(muted([BACKGROUND, 'The pond, which is old and deep and cold in every season, has a frog.', END])).toBe(true)
    expect(muted([BACKGROUND, 'We saw a frog.', 'There is a pond.', END])).toBe(false)
  })
})
