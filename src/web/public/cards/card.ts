import { CARD_LINE_CHARS_MAX, CARD_TITLE_CHARS_MAX } from '../../../../config/limits-paper.ts'

/** The size that networks ask for. */
export const CARD_SIZE = { width: 1200, height: 630 }

/** The words of a picture that a link to a page shows elsewhere. */
export interface Card {
  /** The name of the site. */
  readonly name: string
  /** Small and at the top, for example a date. */
  readonly kicker: string
  readonly title: string
  /** Below the title, for example the authors and the votes. */
  readonly lines: readonly string[]
}

/** Returns the card without line breaks and shortened at words, so that it fits. */
export function fitted({ name, kicker, title, lines }: Card): Card {
  return {
    name: shortened(name, NAME_CHARS_MAX),
    kicker: shortened(kicker, CARD_LINE_CHARS_MAX),
    title: shortened(title, CARD_TITLE_CHARS_MAX),
    lines: lines.map((line) => shortened(line, CARD_LINE_CHARS_MAX)).filter((line) => line !== ''),
  }
}

const NAME_CHARS_MAX = 40

function shortened(text: string, most: number): string {
  const line = text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\s]+/gu, ' ')
    .trim()
  const characters = [...line]
  if (characters.length <= most) return line
  const start = characters.slice(0, most - 1).join('')
  const end = start.lastIndexOf(' ')
  return `${(end > most / 2 ? start.slice(0, end) : start).replace(/[\s,;:·.]+$/, '')}…`
}

/**
 * Returns the card without characters that the typeface lacks, or null if too little of its title would remain, as with
 * a title in Chinese.
 */
export function without(card: Card, missing: ReadonlySet<string>): Card | null {
  const kept = (text: string) =>
    [...text]
      .filter((character) => !missing.has(character))
      .join('')
      .replace(/\s+/g, ' ')
      .trim()
  const title = kept(card.title)
  if (letters(title) < letters(card.title) * LETTERS_KEPT_MIN || title === '') return null
  // A line that loses letters of a name is left out.
  const lines = card.lines.filter((line) => letters(kept(line)) === letters(line)).map(kept)
  return { name: kept(card.name), kicker: kept(card.kicker), title, lines }
}

const LETTERS_KEPT_MIN = 0.8

function letters(text: string): number {
  return text.match(/[\p{L}\p{N}]/gu)?.length ?? 0
}
