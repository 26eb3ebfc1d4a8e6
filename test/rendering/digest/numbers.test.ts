import { describe, expect, it } from '@jest/globals'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { edition, orderFor, papers } from './editions.ts'
import { wordsOf } from './reading.ts'

const TITLE = 'Owls that see at night'
const LONG = 'It rains in one town and it snows in another. '.repeat(40)
const listed = papers(100, { title: TITLE, abstract: LONG })
const compiled = {
  daily: await compileDigest(edition(listed), 'react'),
  weekly: await compileDigest(edition(listed, { frequency: 'weekly' }), 'react'),
}
const all = orderFor(edition(listed)).picks.map((pick) => ({ ...pick, why: 'Why' }))

const cases = (['daily', 'weekly'] as const).flatMap((frequency) =>
  (['skim', 'abstracts'] as const).flatMap((form) =>
    [false, true].flatMap((catchUp) =>
      [1, 2, 10, 11, 24, 100].flatMap((count) =>
        [0, 10, 15].map((cards) => ({ frequency, form, catchUp, count, cards })),
      ),
    ),
  ),
)

describe('the numbers of papers in a digest', () => {
  it.each(cases)('agree: $frequency, $form, after a pause $catchUp, $count papers, $cards cards', (each) => {
    const form = each.form === 'skim' ? compiled[each.frequency].short.skim : compiled[each.frequency]
    const order = { ...orderFor(edition(listed)), picks: all.slice(0, each.count), featured: each.cards }
    const digest = assembleDigest(form, { ...order, catchUp: each.catchUp })
    const shown = digest.featured.length + digest.listed.length
    const rest = digest.listed.length
    const isWeb = shown < each.count
    // No number in the subject can differ from those in the message.
    expect(digest.subject).not.toMatch(/\d/)
    for (const words of [wordsOf(digest.html), digest.text.replace(/\s+/g, ' ')]) {
      expect(words.split(TITLE).length - 1).toBe(shown + (words.includes('https:') ? 0 : previewed(digest.preheader)))
      const counts = [...words.matchAll(/(\d+) (more )?papers?\b( on the web)?/g)].map(String)
      const expected = [
        `${shown} paper`,
        ...(rest === 0 ? [] : [digest.featured.length === 0 ? `${shown} paper` : `${rest} more paper`]),
        ...(isWeb && each.frequency === 'daily' ? [`${each.count - shown} more paper`] : []),
      ]
      expect(counts.map((found) => found.replace(/papers?.*/, 'paper'))).toEqual(expected)
      // The page of a week has the best of a calendar week, and not those that were left out.
      expect(words.includes('More papers of the week on the web')).toBe(isWeb && each.frequency === 'weekly')
    }
  })
})

const previewed = (preheader: string) => preheader.split(TITLE).length - 1
