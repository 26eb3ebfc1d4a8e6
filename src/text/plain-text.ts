import { readable } from './latex/latex.ts'
import { withoutMarkdown, withoutMarkup } from './markup.ts'

/**
 * Converts a source's text to one readable line: LaTeX and markup become Unicode, line breaks become spaces, and invisible
 * or bidirectional characters are removed. The result is text and not HTML, so pages must escape it.
 *
 * @param charsMax longer text is cut at a word and ends in `…`.
 */
export function plainText(raw: string, charsMax: number): string {
  // Converted text is never shorter than a quarter of its source.
  const bounded = raw.length > charsMax * 4 ? raw.slice(0, charsMax * 4) : raw
  // Tags are removed twice, because `\textless script\textgreater` is a tag only after the conversion.
  return cut(visible(withoutMarkup(readable(withoutMarkdown(withoutMarkup(visible(bounded)))))), charsMax)
}

/**
 * Removes control characters, bidirectional overrides (Unicode TR9 §2), zero-width spaces, private-use characters and lone
 * surrogates, and collapses white space. The joiners U+200C and U+200D stay, because Persian and emoji need them.
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
      // No script needs more than a few marks on one letter, and many of them would cover other lines.
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
  // Text without spaces, such as Chinese, is cut at any character.
  return `${(blank > charsMax * 0.8 ? head.slice(0, blank) : head).trimEnd()}…`
}
