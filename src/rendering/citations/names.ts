/** A name as reference managers store it: in its parts, or whole if it has no parts. */
export type CitedName =
  | { readonly kind: 'person'; readonly family: string; readonly given: string; readonly suffix: string }
  | { readonly kind: 'whole'; readonly name: string }

const SUFFIX = /^(?:jr|sr)\.?$|^(?:ii|iii|iv)$/i
/** The last word of a name that belongs to a group of people. */
const GROUP =
  /(?:^|[\s-])(?:alliance|collaboration|community|consortium|foundation|group|initiative|institute|labs?|network|project|research|team|university)$/i
/** `DeepSeek-AI`. The family name `Ai` is written otherwise. */
const COMPANY = /[\s-]AI$/
/** Capitalised particles that begin a family name: `Luc Van Gool`. Particles in lower case need no list. */
const PARTICLE = /^(?:van|von|de|del|della|den|der|di|dos)$/i
/** BibTeX separates names with this word. */
const SEPARATOR = /(?:^|\s)and(?=\s|$)/i

/**
 * Splits a name such as `Laurens van der Maaten` into family and given name. Sources write the given name first. A name
 * whose order is unknown, such as one word or a name of a group, remains whole.
 */
export function citedName(raw: string): CitedName {
  const name = raw
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ')
    .replace(/\s*\([^()]*\)\s*$/, '')
    .trim()
  const whole = { kind: 'whole', name } as const
  if (GROUP.test(name) || COMPANY.test(name) || SEPARATOR.test(name)) return whole
  const [first = '', ...after] = name.split(/\s*,\s*/)
  const rest = after.filter((part) => part !== '')
  if (rest.length === 0) return inOrder(first, '') ?? whole
  if (rest.length === 1 && SUFFIX.test(rest[0] ?? '')) return inOrder(first, rest[0] ?? '') ?? whole
  const suffix = rest.find((part) => SUFFIX.test(part)) ?? ''
  const given = rest.filter((part) => part !== suffix).join(' ')
  return first === '' || given === '' ? whole : { kind: 'person', family: first, given, suffix }
}

/** Reads a name without commas, or returns null if it is one word. */
function inOrder(name: string, suffix: string): CitedName | null {
  const words = name.split(' ').filter((word) => word !== '')
  const last = words.at(-1) ?? ''
  if (suffix === '' && words.length > 2 && SUFFIX.test(last)) return inOrder(words.slice(0, -1).join(' '), last)
  if (words.length < 2) return null
  const particle = words.findIndex(
    (word, at) => at > 0 && at < words.length - 1 && (/^\p{Ll}/u.test(word) || PARTICLE.test(word)),
  )
  const from = particle === -1 ? words.length - 1 : particle
  return { kind: 'person', family: words.slice(from).join(' '), given: words.slice(0, from).join(' '), suffix }
}
