import temml from 'temml'
import { MATHEMATICS_EXPANSIONS_MAX } from '../../../config/limits.ts'
import { formulasIn } from '../../text/latex/mathematics.ts'
import { plainText } from '../../text/plain-text.ts'

interface MathTextProps {
  /** The text as Unicode, as in messages. Shown when there is no LaTeX or it is invalid. */
  readonly text: string
  /** The same text as LaTeX, from the source. */
  readonly latex: string | undefined
}

const FRAGMENT_CHARS_MAX = 10_000
/** Matches MathML Core only. Any other output of temml falls back to Unicode. */
const ONLY_MATHML =
  /^(?:[^<]|<\/?(?:math|mrow|mi|mn|mo|ms|mtext|mspace|msup|msub|msubsup|mover|munder|munderover|mfrac|msqrt|mroot|mstyle|mpadded|mphantom|mtable|mtr|mtd|menclose|mprescripts|mmultiscripts|none)(?:\s[^<>]*)?\/?>)*$/

/** A title or an abstract with its formulas as MathML, which browsers render and read aloud. */
export function MathText({ text, latex }: MathTextProps) {
  const fragments = latex === undefined ? null : fragmentsOf(latex)
  if (fragments === null) return <>{text}</>
  return (
    <>
      {fragments.map((fragment, index) =>
        fragment.kind === 'text' ? (
          fragment.text
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of a text have no other name, and never move.
          // biome-ignore lint/security/noDangerouslySetInnerHtml: checked above to be MathML and nothing else.
          <span key={index} dangerouslySetInnerHTML={{ __html: fragment.mathml }} />
        ),
      )}
    </>
  )
}

type Fragment = { readonly kind: 'text'; readonly text: string } | { readonly kind: 'math'; readonly mathml: string }

/** Returns null when there is no formula, or an invalid one. */
function fragmentsOf(latex: string): Fragment[] | null {
  const fragments: Fragment[] = []
  let at = 0
  for (const { from, to, tex } of formulasIn(latex)) {
    const mathml = mathmlOf(tex)
    if (mathml === null) return null
    fragments.push({ kind: 'text', text: between(latex.slice(at, from)) }, { kind: 'math', mathml })
    at = to
  }
  if (fragments.length === 0) return null
  fragments.push({ kind: 'text', text: between(latex.slice(at)) })
  return fragments
}

/** Returns the text between two formulas as Unicode, with the spaces at its ends. */
function between(raw: string): string {
  const text = plainText(raw, FRAGMENT_CHARS_MAX)
  return `${/^\s/.test(raw) && text !== '' ? ' ' : ''}${text}${/\s$/.test(raw) ? ' ' : ''}`
}

function mathmlOf(tex: string): string | null {
  try {
    const mathml = temml
      .renderToString(tex.trim(), {
        throwOnError: true,
        trust: false,
        maxExpand: MATHEMATICS_EXPANSIONS_MAX,
        maxSize: [5, 5],
      })
      // The site's policy forbids inline styles. Without them, only some spacing is lost.
      .replace(/\sstyle="[^"]*"/g, '')
    return ONLY_MATHML.test(mathml) ? mathml : null
  } catch {
    return null
  }
}
