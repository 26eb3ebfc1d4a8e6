import { beforeAll, describe, expect, it } from '@jest/globals'
import { CARD_LINE_CHARS_MAX, CARD_TITLE_CHARS_MAX } from '../../../../config/limits-paper.ts'
import { type Card, fitted } from '../../../../src/web/public/cards/card.ts'
import { type DrawCard, openDrawCard } from '../../../../src/web/public/cards/draw-card.ts'

const CARD: Card = {
  name: 'Paperround',
  kicker: '24 November 2026',
  title: 'A study',
  lines: ['Ada Lovelace', '1 vote'],
}
const FALLBACK: Card = { ...CARD, title: 'arXiv:2611.00001', lines: [] }

describe('the picture of a page', () => {
  let draw: DrawCard
  beforeAll(async () => {
    draw = await openDrawCard()
  })
  const drawn = (more: Partial<Card>) => draw(fitted({ ...CARD, ...more }), FALLBACK)

  it('is a PNG of 1200 × 630 that shows its title, and the same bytes each time', async () => {
    const [one, again, other] = [await drawn({}), await drawn({}), await drawn({ title: 'Another study' })]
    expect(one.subarray(0, 8)).toEqual(Buffer.from('89504e470d0a1a0a', 'hex'))
    expect([one.readUInt32BE(16), one.readUInt32BE(20)]).toEqual([1_200, 630])
    expect(again.equals(one)).toBe(true)
    expect(other.equals(one)).toBe(false)
  })

  it.each(['検索のための論文', 'بحث عن الأوراق', '논문 검색', '🚀🚀🚀'])(
    'of a title whose letters the typeface lacks shows the id instead (%s)',
    async (title) => {
      expect((await drawn({ title })).equals(await draw(FALLBACK, FALLBACK))).toBe(true)
    },
  )

  it('leaves out single characters that the typeface lacks, and names that it cannot write', async () => {
    const [title, plain] = ['Rockets 🚀 and bounds ≤ two', 'Rockets and bounds two']
    expect((await drawn({ title })).equals(await drawn({ title: plain }))).toBe(true)
    const lines = ['张伟', '1 vote']
    expect((await drawn({ lines })).equals(await drawn({ lines: ['1 vote'] }))).toBe(true)
  })

  it.each([
    ['Greek, Cyrillic and Vietnamese letters', 'λ Россия Đặng'],
    ['markup and quotes', '</text><script>"&\''],
    ['one endless word', 'x'.repeat(500)],
    ['nothing', ''],
    ['a lone surrogate and controls', '\ud83d a\u0000\u202e b'],
  ])('is drawn with %s', async (_name, title) => {
    expect((await drawn({ title })).length).toBeGreaterThan(5_000)
  })
})

describe('the words of a picture', () => {
  it('are shortened at a word with an ellipsis', () => {
    const long = 'retrieval '.repeat(60)
    const { title, lines } = fitted({ ...CARD, title: long, lines: [long, ' '] })
    expect(title).toMatch(/retrieval…$/)
    expect(title.length).toBeLessThanOrEqual(CARD_TITLE_CHARS_MAX)
    expect(lines).toHaveLength(1)
    expect(lines[0]?.length).toBeLessThanOrEqual(CARD_LINE_CHARS_MAX)
    expect(fitted(CARD)).toEqual(CARD)
  })
})
