/** Letters that have no accent to remove. */
const PLAIN_LETTERS: Readonly<Record<string, string>> = {
  ø: 'o',
  Ø: 'O',
  ł: 'l',
  Ł: 'L',
  đ: 'd',
  Đ: 'D',
  ð: 'd',
  Ð: 'D',
  þ: 'th',
  Þ: 'Th',
  æ: 'ae',
  Æ: 'Ae',
  œ: 'oe',
  Œ: 'Oe',
  ß: 'ss',
  ı: 'i',
}
const PLAIN = /[øØłŁđĐðÐþÞæÆœŒßı]/gu

const GREEK: Readonly<Record<string, string>> = Object.fromEntries(
  [
    'alpha beta gamma delta epsilon zeta eta theta iota kappa lambda mu nu xi omicron pi rho sigma tau upsilon phi chi psi omega',
  ]
    .flatMap((names) => names.split(' '))
    .map((name, at) => ['αβγδεζηθικλμνξοπρστυφχψω'[at] ?? '', name]),
)
/** Longer runs of Greek letters are Greek words. */
const GREEK_SYMBOLS_MAX = 2

/**
 * Returns a text in plain letters and digits: no accents, `A²` as `A2`, `ø` as `o`, and `λ` as ` lambda `. Upper case stays, because
 * it shows where the parts of `StreamVLN` begin.
 */
export function foldCharacters(text: string): string {
  return withoutAccents(text).replace(/\p{Script=Greek}+/gu, (run) =>
    run.length > GREEK_SYMBOLS_MAX ? run : [...run.toLowerCase()].map((letter) => ` ${nameOf(letter)} `).join(''),
  )
}

/** Returns a text without accents, and with compatibility characters such as `²` and `ﬁ` as plain ones. */
export function withoutAccents(text: string): string {
  return text
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .replace(PLAIN, (letter) => PLAIN_LETTERS[letter] ?? letter)
}

function nameOf(letter: string): string {
  return GREEK[letter === 'ς' ? 'σ' : letter] ?? letter
}

/** The rules from British to American spelling, for words in lower case. */
const AMERICAN: readonly (readonly [british: RegExp, american: string])[] = [
  [/(arm|behavi|clam|col|endeav|fav|flav|glam|harb|hon|hum|lab|neighb|od|rig|rum|sav|splend|tum|vap|vig)our/, '$1or'],
  [/(anal|catal|dial|electrol|hydrol|paral)ys(e[drs]?|ing|ers)$/, '$1yz$2'],
  [/(cent|fib|lit|lust|met|sab|spect|theat|calib|meag|somb)re(s|d)?$/, '$1er$2'],
  [/(cancel|channel|fuel|label|level|marshal|model|signal|spiral|total|travel|tunnel)l(ed|ing|ers?)$/, '$1$2'],
  [/(def|off|pret)ence(s?)$/, '$1ense$2'],
  [/^licence/, 'license'],
  [/^practis/, 'practic'],
  [/(anal|catal|dial|epil|mon|prol)ogue/, '$1og'],
  [/programme(s?)$/, 'program$1'],
  [/^(ag)eing$/, '$1ing'],
  [/^grey/, 'gray'],
  [/artefact/, 'artifact'],
  [/^sceptic/, 'skeptic'],
  [/(judg|acknowledg)ement/, '$1ment'],
  [/^(fulfil|enrol|instal)(s|ment|ments)?$/, '$1l$2'],
  [/aluminium/, 'aluminum'],
  [/manoeuv(re|er)/, 'maneuver'],
  [/aeroplane/, 'airplane'],
  [/^(m|sm)ould/, '$1old'],
  [/aesthe/, 'esthe'],
  [/(orthop|p|encyclop)aed/, '$1ed'],
  [/^haem/, 'hem'],
  [/(leuk|an|isch)aem/, '$1em'],
  [/oestr/, 'estr'],
  [/foet/, 'fet'],
  [/^(tum|hum)ourous/, '$1orous'],
]

/** Returns a word in American spelling: `behaviour` as `behavior`. Endings such as `-ise` are removed by `lightStem()`. */
export function americanSpelling(word: string): string {
  for (const [british, american] of AMERICAN) if (british.test(word)) return word.replace(british, american)
  return word
}
