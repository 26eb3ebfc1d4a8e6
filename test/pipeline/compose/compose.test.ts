import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import type { Day } from '../../../src/domain/day.ts'
import type { Edition } from '../../../src/domain/edition.ts'
import type { DigestItem, PendingDelivery, SendDecision } from '../../../src/domain/parcel.ts'
import type { Preferences } from '../../../src/domain/subscriber.ts'
import { readSelection, selectionText } from '../../../src/ledger/deliveries/selection-text.ts'
import { buildMime } from '../../../src/mail/mime.ts'
import { batchBody, bodyBuffers } from '../../../src/mail/resend/batch-body.ts'
import { createComposer } from '../../../src/pipeline/compose/compose.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { viewModelOf } from '../../../src/rendering/digest/view-model.ts'
import { testIdentity } from '../../preview/bench.ts'
import { paperOf } from '../../support/papers.ts'

const DAY = '2026-11-24' as Day
const TOPICS = ['owls', 'birds', 'wings', 'nests', 'eggs']

const entries = Array.from({ length: 24 }, (_, index) => ({
  rank: index + 1,
  score: 100 - index,
  why: `${100 - index} votes`,
  paper: paperOf(`2611.${String(index + 1).padStart(5, '0')}`, {
    title: `On ${TOPICS[index % 5]} and ${TOPICS[(index * 2 + 1) % 5]}, part ${index}`,
    abstract: `We look at ${TOPICS[index % 5]} & ${TOPICS[(index + 2) % 5]} in winter. They are "small", part ${index}.`,
    authors: [`Ada ${index % 7}`, 'Mary Somerville'],
    thumbnail: `https://cdn-thumbnails.huggingface.co/social-thumbnails/papers/${index}.png`,
  }),
  signals: { upvotes: 100 - index, comments: null, stars: null },
}))

const EDITION: Edition = {
  day: DAY,
  revision: 1,
  state: 'published',
  reason: null,
  incomplete: null,
  reports: [],
  votesAt: new Date('2026-11-24T08:40:00Z'),
  publishedAt: new Date('2026-11-24T08:41:00Z'),
  sending: 'running',
  dispatchedAt: null,
  entries,
}

/** A composer of its own, as another worker has it. */
function composer(pictures = false) {
  return createComposer({
    ...testIdentity(),
    pictures,
    editions: {
      readEdition: async (day) => (day === DAY ? EDITION : null),
      readCandidateDays: async () => [DAY],
      readSignals: async () => new Map(),
      readFirstSignals: async () => new Map(),
      readStarGrowth: async () => new Map(),
      readDuplicateIds: async () => new Map(),
      readEarlierDays: async () => new Map(),
      readLexicon: async () => null,
    },
    compile: (input) => compileDigest(viewModelOf(input), 'react'),
    template: 'test',
  })
}

const preferences: fc.Arbitrary<Preferences> = fc.record({
  interests: fc.subarray(TOPICS),
  mutedTerms: fc.subarray(['nests'], { maxLength: 1 }),
  authors: fc.subarray(['Ada 1', 'Ada 4']),
  interestShare: fc.constantFrom(0, 60, 100),
  frequency: fc.constant('daily' as const),
  deliveryHour: fc.constant(8),
  timezone: fc.constant('UTC'),
  weekday: fc.constant(1),
  weekdays: fc.constant([1, 2, 3, 4, 5, 6, 7]),
  featuredCount: fc.integer({ min: 1, max: 12 }),
  format: fc.constantFrom('skim' as const, 'abstracts' as const, 'sentences' as const, 'titles' as const),
  titleLinks: fc.constantFrom('page' as const, 'arxiv' as const),
  includeOtherTitles: fc.boolean(),
})

function candidateOf(preferences: Preferences, index: number): PendingDelivery {
  return {
    deliveryId: String(100 + index),
    subscriberId: String(index),
    period: DAY,
    catchUpFrom: null,
    subscriber: { ...preferences, email: `reader${index}@example.org`, state: 'active', suppressed: false },
    alreadySent: index % 2 === 0 ? [] : ['2611.00001', '2611.00003'],
  }
}

/** The frozen member as another worker reads it from the ledger. */
function readBack(decision: SendDecision, { subscriberId }: PendingDelivery): DigestItem {
  if (decision.kind === 'skip') throw new Error(`skipped: ${decision.reason}`)
  const { deliveryId, address, paperIds } = decision
  const selection = readSelection(selectionText(decision.selection, paperIds), paperIds)
  return { deliveryId, subscriberId, address, paperIds, selection, deferrals: 0 }
}

describe('the mails of a parcel', () => {
  it('have the same bytes when another worker repeats them from the ledger', async () => {
    const [first, second] = [composer(), composer()]
    const parcel = { day: DAY, keyId: first.keyId, frozenAt: new Date('2026-11-24T09:00:00Z') }
    await fc.assert(
      fc.asyncProperty(fc.array(preferences, { minLength: 1, maxLength: 6 }), async (readers) => {
        const candidates = readers.map(candidateOf)
        const [here, there] = [await first.open(DAY, false), await second.open(DAY, false)]
        const members = here
          .decide(candidates)
          .map((decision, at) => readBack(decision, candidates[at] as PendingDelivery))
        const sent = members.map((member) => here.message(parcel, member))
        // In another order, so that no shared object of the second worker was made in the order of the first.
        const repeated = [...members].reverse().map((member) => there.message(parcel, member))
        repeated.reverse()
        const bodyOf = (messages: typeof sent) => batchBody(messages, bodyBuffers(1)).toString()
        expect(bodyOf(repeated)).toBe(bodyOf(sent))
        expect(repeated.map((message) => buildMime(message).toString())).toEqual(
          sent.map((message) => buildMime(message).toString()),
        )
        for (const [at, { html, text }] of sent.entries()) {
          const links = [...html.matchAll(/feedback\/[^~"]+/g), ...text.matchAll(/feedback\/[^~\s]+/g)].map(String)
          const own = testIdentity().links.feedback({ id: String(at), linkGeneration: 0 })
          for (const link of links) expect(own.endsWith(link)).toBe(true)
          expect(links.length).toBe(6 * here.digest(members[at] as DigestItem, parcel.keyId).featured.length)
        }
      }),
      { numRuns: 25 },
    )
  })

  it.each([
    [true, false],
    [false, true],
  ])('keep their pictures (%s) when the setting is changed to %s before the repeat', async (before, after) => {
    const [candidate] = fc.sample(
      preferences.map((each) => candidateOf({ ...each, format: 'skim' }, 1)),
      1,
    )
    if (candidate === undefined) throw new Error('one candidate was expected')
    const [first, second] = [composer(before), composer(after)]
    const parcel = { day: DAY, keyId: first.keyId, frozenAt: new Date('2026-11-24T09:00:00Z') }
    const [here, there] = [await first.open(DAY, false), await second.open(DAY, false)]
    const [decision] = here.decide([candidate])
    const member = readBack(decision as SendDecision, candidate)
    const [sent, repeated] = [here.message(parcel, member), there.message(parcel, member)]
    expect(sent.html.includes('<img')).toBe(before)
    expect(buildMime(repeated).toString()).toBe(buildMime(sent).toString())
    // The page of the digest loads nothing from other hosts.
    expect(here.digest(member, parcel.keyId, { pictures: false }).html).not.toContain('<img')
  })
})
