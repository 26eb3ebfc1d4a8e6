import { describe, expect, it } from '@jest/globals'
import type { Day } from '../../../src/domain/day.ts'
import type { Edition } from '../../../src/domain/edition.ts'
import type { DigestItem } from '../../../src/domain/parcel.ts'
import { DEFAULT_PREFERENCES, type Preferences } from '../../../src/domain/subscriber.ts'
import { createComposer, type EditionDigest } from '../../../src/pipeline/compose/compose.ts'
import { explainRank } from '../../../src/ranking/explain.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { viewModelOf } from '../../../src/rendering/digest/view-model.ts'
import { testIdentity } from '../../preview/bench.ts'
import { wordsOf } from '../../rendering/digest/reading.ts'
import { paperOf } from '../../support/papers.ts'

const DAY = '2026-11-24' as Day // A Tuesday.

function editionOf(papers: number, hasVotes: boolean): Edition {
  const entries = Array.from({ length: papers }, (_, index) => {
    const signals = { upvotes: hasVotes ? 40 - index : null, comments: null, stars: null }
    return {
      rank: index + 1,
      score: 40 - index,
      why: explainRank(index + 1, papers, signals),
      paper: paperOf(`2611.${String(index + 1).padStart(5, '0')}`, {
        title: index === 0 ? 'On owls' : `On the weather, part ${index}`,
        abstract: index === 0 ? 'We look at owls in winter.' : `It rained on day ${index}.`,
        authors: index === 0 ? ['Ada Lovelace'] : ['Mary Somerville'],
      }),
      signals,
    }
  })
  const at = new Date('2026-11-24T08:40:00Z')
  const none = { state: 'published', reason: null, incomplete: null, reports: [], sending: 'running' } as const
  return { ...none, day: DAY, revision: 1, votesAt: at, publishedAt: at, dispatchedAt: null, entries }
}

async function openEdition(papers: number, hasVotes: boolean): Promise<EditionDigest> {
  const composer = createComposer({
    ...testIdentity(),
    editions: {
      readEdition: async (day) => (day === DAY ? editionOf(papers, hasVotes) : null),
      readCandidateDays: async () => [DAY],
      readSignals: async () => new Map(),
      readFirstSignals: async () => new Map(),
      readStarGrowth: async () => new Map(),
      readDuplicateIds: async () => new Map(),
      readEarlierDays: async () => new Map(),
      readLexicon: async () => null,
    },
    compile: (input) => compileDigest(viewModelOf(input), 'mjml'),
    template: 'test',
  })
  return composer.open(DAY, true)
}

const SPANS = {
  day: { period: DAY, catchUpFrom: null },
  week: { period: '2026-W48', catchUpFrom: null },
  away: { period: DAY, catchUpFrom: '2026-11-20' as Day },
} as const

interface Reader {
  readonly interests: readonly string[]
  readonly authors: readonly string[]
  readonly interestShare: number
  readonly span: keyof typeof SPANS
}

/** The head and the footer of a reader’s digest, as the first claim composes it and as a repetition does. */
function digestOf(opened: EditionDigest, { span, ...wishes }: Reader) {
  const subscriber: Preferences = { ...DEFAULT_PREFERENCES, ...wishes }
  const [decision] = opened.decide([
    {
      deliveryId: '1',
      subscriberId: '1',
      ...SPANS[span],
      subscriber: { ...subscriber, email: 'ada@example.org', state: 'active', suppressed: false },
      alreadySent: [],
    },
  ])
  if (decision?.kind !== 'send') throw new Error('nothing was sent')
  const item: DigestItem = { ...decision, subscriberId: '1', deferrals: 0 }
  const { html, text } = opened.digest(item, testIdentity().keyId)
  const flat = text.replace(/\s+/g, ' ')
  const words = wordsOf(html)
  const top = words.slice(words.indexOf('Unsubscribe Paperround '))
  const head = top.slice(0, top.search(/ 1 On | \d+ papers? On /))
  return { words, head, foot: words.slice(words.lastIndexOf('You receive')), flat }
}

const INTERESTS = { none: [], matched: ['owls'], unmatched: ['compilers'] } as const
const AUTHORS = { none: [], matched: ['Ada Lovelace'], unmatched: ['Grace Hopper'] } as const

const combinations = Object.keys(SPANS).flatMap((span) =>
  Object.keys(INTERESTS).flatMap((interests) =>
    Object.keys(AUTHORS).flatMap((authors) =>
      [0, 75].map((share) => ({
        span: span as keyof typeof SPANS,
        interests: interests as keyof typeof INTERESTS,
        authors: authors as keyof typeof AUTHORS,
        share,
      })),
    ),
  ),
)

describe.each([
  ['one paper with votes', 1, true],
  ['one paper without votes', 1, false],
  ['several papers with votes', 5, true],
  ['several papers without votes', 5, false],
])('the head and the footer of a digest of %s', (_name, papers, hasVotes) => {
  it('tell the truth in every combination of preferences and spans', async () => {
    const opened = await openEdition(papers, hasVotes)
    for (const { span, interests, authors, share } of combinations) {
      const reader = { span, interests: INTERESTS[interests], authors: AUTHORS[authors], interestShare: share }
      const { words, head, foot, flat } = digestOf(opened, reader)
      const context = JSON.stringify({ span, interests, authors, share, head, foot })
      const says = (part: string, sentence: string | RegExp, is = true) =>
        expect({ context, sentence: String(sentence), said: part.search(sentence) >= 0 }).toEqual({
          context,
          sentence: String(sentence),
          said: is,
        })

      says(head, { day: 'Tuesday’s', week: 'The week’s', away: 'While you were away:' }[span])
      says(head, `${hasVotes ? 'trending' : 'new'} ${papers === 1 ? 'paper ' : 'papers '}`)
      says(head, new RegExp(`${papers} paper${papers === 1 ? '' : 's'}[,.:]`))
      says(words, /today/i, false)
      says(head, 'Votes as of 08:40 UTC', hasVotes)
      says(head + foot, /most voted|votes/i, hasVotes)
      says(head, '24 November 2026')

      const isMatched = interests === 'matched' || authors === 'matched'
      says(head, authors === 'matched' ? '1 by an author you follow' : '1 for owls', isMatched)
      const wanted = interests !== 'none' || authors !== 'none'
      says(head, /Nothing (?:matched|came)/, wanted && !isMatched && share > 0)
      says(head, 'Nothing matched your interests', interests === 'unmatched' && authors !== 'matched' && share > 0)
      says(head, 'as you chose', share === 0 && papers > 1)

      says(foot, /interests come first: (?:owls|compilers)\./, interests !== 'none' && share > 0)
      says(foot, 'Add interests', interests === 'none' && authors === 'none' && share > 0)
      says(foot, 'authors you follow', authors !== 'none' && share > 0)
      says(foot, 'papers come first, as you chose', share === 0)
      says(foot, `this ${span === 'week' ? 'weekly' : 'daily'} digest`)

      // The text part says the same.
      for (const sentence of [
        head.split(/ UTC | 2026 /).at(-1),
        foot.split(' Preferences ')[0]?.split('Paperround. ')[1],
      ])
        says(
          flat,
          (sentence ?? 'missing')
            .trim()
            .replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
            .slice(0, 60),
        )
    }
  })
})

describe('the line at the top', () => {
  const reader = { interests: [], authors: [], interestShare: 75, span: 'day' as const }

  it.each<[string, Partial<Reader>, string]>([
    ['of nobody’s interests', {}, '5 papers, the most voted first.'],
    ['of a match', { interests: ['owls', 'compilers'] }, '5 papers: 1 for owls.'],
    [
      'of no match',
      { interests: ['compilers'] },
      '5 papers. Nothing matched your interests this time; these are the day’s most voted.',
    ],
    [
      'of no match in a week',
      { interests: ['compilers'], span: 'week' },
      'this time; these are the week’s most voted.',
    ],
    ['of authors only', { authors: ['Grace Hopper'] }, 'Nothing came from the authors you follow this time;'],
    ['by votes', { interests: ['compilers'], interestShare: 0 }, '5 papers, the most voted first, as you chose.'],
  ])('%s', async (_name, wishes, sentence) => {
    expect(digestOf(await openEdition(5, true), { ...reader, ...wishes }).words).toContain(sentence)
  })
})
