// Control characters except tab and line break, line and paragraph separators, bidirectional overrides (Unicode TR9 §2),
// and zero-width characters, including the joiners.
const UNSAFE =
  /(?![\t\n])\p{Cc}|[\u2028\u2029\u00ad\u061c\u115f\u1160\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164\ufeff\ufff9-\ufffb\uffa0\u{e0000}-\u{e007f}]|\p{Cs}/gu

const JOINERS = '\u200c\u200d'

// Emoji and scripts such as Persian and Hindi need joiners. A joiner after a Latin, Greek or Cyrillic letter is not needed.
const NEEDS_JOINER =
  /(?:\p{Extended_Pictographic}|\p{Emoji_Modifier}|\ufe0f|(?![\p{sc=Latn}\p{sc=Grek}\p{sc=Cyrl}])[\p{L}\p{M}])$/u

/**
 * Escapes control characters, and characters that hide or reorder text, such as `\u001b` and `\u202e`. A paper's title must
 * not clear the operator's screen or forge a log line. The escapes are JSON's, so an escaped JSON document stays valid.
 */
export function escapeControls(text: string): string {
  return text.replace(UNSAFE, (character, at: number) =>
    JOINERS.includes(character) && NEEDS_JOINER.test(text.slice(Math.max(0, at - 2), at))
      ? character
      : escaped(character),
  )
}

function escaped(character: string): string {
  return character
    .split('')
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
    .join('')
}
