import { readable } from './latex.ts'
import { withoutMarkdown, withoutMarkup } from './markup.ts'

/**
 * One line of readable text from whatever a source wrote: LaTeX and markup become Unicode, line
 * breaks become blanks, and characters that are unseen or turn the reading direction are gone.
 * The answer is still text, not HTML: whoever writes it into a page escapes it.
 *
 * @param charsMax longer text is cut at a word and ends in `…`.
 */
export function plainText(raw: string, charsMax: number): string {
  // Converted text is never so much shorter than its source that four times the bound would not do.
  const bounded = raw.length > charsMax * 4 ? raw.slice(0, charsMax * 4) : raw
  // Tags are taken out twice, because `\textless script\textgreater` is only a tag once it is converted.
  return cut(visible(withoutMarkup(readable(withoutMarkdown(withoutMarkup(visible(bounded)))))), charsMax)
}

/**
 * The text without control characters, bidirectional overrides (Unicode TR9 §2), zero-width
 * blanks, private-use characters and halves of surrogate pairs; every run of white space is one
 * blank. The joiners U+200C and U+200D stay, since Persian and emoji need them.
 */
function visible(text: string): string {
  return (
    text
      .replace(/[\p{Z}\t\n\v\f\r\u0085]+/gu, ' ')
      .replace(
        /[\p{Cc}\p{Co}\p{Cs}\u00ad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/gu,
        '',
      )
      .replace(/[\u{e0000}-\u{e007f}]/gu, '')
      // No script stacks more than a few marks on one letter; a pile of them covers the lines around it.
      .replace(/(\p{M}{8})\p{M}+/gu, '$1')
      .replace(/ {2,}/g, ' ')
      .trim()
      .normalize('NFC')
  )
}

function cut(text: string, charsMax: number): string {
  if (text.length <= charsMax) return text
  const head = text.slice(0, charsMax - 1).replace(/[\ud800-\udbff]$/, '')
  const blank = head.lastIndexOf(' ')
  // A text without blanks, such as Chinese, is cut where it is.
  return `${(blank > charsMax * 0.8 ? head.slice(0, blank) : head).trimEnd()}…`
}
