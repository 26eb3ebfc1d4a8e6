const WIDTH = 76 // RFC 5322 §2.1.1 asks for at most 78 columns.
const WIDE = /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]/

/**
 * Wraps a paragraph at 76 columns and indents each line after the first. `first` columns of the first line are already
 * used. A longer Latin word or address stays whole; text in scripts without spaces, whose characters take two columns,
 * breaks anywhere.
 */
export function wrap(text: string, indent = 0, first = indent): string {
  const room = WIDTH - indent
  const plain = !WIDE.test(text)
  if (plain && text.length <= room && first === indent) return text
  if (plain && !UNEVEN.test(text)) return wrapPlain(text, room, first - indent).join(`\n${' '.repeat(indent)}`)
  const lines: string[] = []
  let line = ''
  let used = first - indent
  for (const word of text.split(' ').flatMap((each) => (plain ? [each] : breakWide(each, room)))) {
    const width = columns(word)
    if (line !== '' && used + 1 + width > room) {
      lines.push(line)
      line = ''
      used = 0
    }
    line += line === '' ? word : ` ${word}`
    used += line === word ? width : width + 1
  }
  lines.push(line)
  return lines.join(`\n${' '.repeat(indent)}`)
}

const UNEVEN = /^ | $| {2}/

/** Wraps text with single blanks and no wide characters, without a list of its words. This runs for most messages. */
function wrapPlain(text: string, room: number, used: number): string[] {
  const lines: string[] = []
  let from = 0
  let left = room - used
  while (text.length - from > left) {
    let cut = text.lastIndexOf(' ', from + left)
    if (cut < from) cut = text.indexOf(' ', from)
    if (cut < 0) break
    lines.push(text.slice(from, cut))
    from = cut + 1
    left = room
  }
  lines.push(text.slice(from))
  return lines
}

function breakWide(word: string, room: number): string[] {
  if (!WIDE.test(word) || columns(word) <= room) return [word]
  const fragments: string[] = []
  let fragment = ''
  let used = 0
  for (const sign of word) {
    const width = columns(sign)
    if (used + width > room) {
      fragments.push(fragment)
      fragment = ''
      used = 0
    }
    fragment += sign
    used += width
  }
  return [...fragments, fragment]
}

function columns(text: string): number {
  if (!WIDE.test(text)) return text.length
  let sum = 0
  for (const sign of text) sum += WIDE.test(sign) ? 2 : 1
  return sum
}
