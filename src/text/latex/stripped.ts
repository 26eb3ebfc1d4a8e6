import { withReadableCitations } from './citations.ts'

/**
 * Restores backslashes that Hugging Face has stripped from LaTeX: `textbf{x}`, `mathcal{O}`, `360^circ`, `256times256`,
 * `pi_0`, `sim50\%`, `Oleft(nright)`, `lambda=1`. It changes only forms that do not occur in English: `5 times`, `sim2real`,
 * `left (or right)` and `lambda calculus` stay.
 */
export function restoreStripped(text: string): string {
  let rest = withReadableCitations(text)
  for (const [pattern, replacement] of RULES) rest = rest.replace(pattern, replacement)
  return rest
}

const GREEK_NAMES =
  'alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega|ell'

const RULES: readonly (readonly [RegExp, string])[] = [
  // No English word ends like these, so a letter may precede them.
  [
    /(?<!\\)(texorpdfstring|textbf|textit|texttt|textsc|textrm|textsf|textsuperscript|textsubscript|textcolor|mathcal|mathbb|mathbf|mathrm|mathsf|mathit|mathscr|mathfrak|boldsymbol|mathds|operatorname|widehat|widetilde|citep|citet) ?(?=\{)/g,
    '\\$1',
  ],
  [
    /(?<![\\A-Za-z])(emph|sqrt|d?frac|binom|text|hat|tilde|bar|vec|ket|bra|braket|cite|footnote|underline|overline|underset|overset|url|href)(?=\{)/g,
    '\\$1',
  ],
  [/(?<![\\A-Za-z])(begin|end)(?=\{(?:[pbvB]?matrix|smallmatrix|cases|equation|align|aligned|array)\*?\})/g, '\\$1'],
  [/(?<!\\)(mathcal|mathbb|mathbf|mathrm|mathsf|mathscr|boldsymbol) ?(?=[A-Z](?![a-z])|\p{Script=Greek})/gu, '\\$1 '],
  // A pair of brackets. A letter before it, or a sign of a formula in it, tells it from `left(right)`.
  [/(?<=(?<![A-Za-z])[A-Za-z\d})])left([([|])((?:[^()[\]|]|\([^()]{0,60}\)){1,120}?)\s?right(?=[)\]|])/g, '$1$2'],
  [
    /(?<![A-Za-z\\])left([([|])((?:[^()[\]|]|\([^()]{0,60}\)){0,60}[\\^_=+{}](?:[^()[\]|]|\([^()]{0,60}\)){0,60}?)right(?=[)\]|])/g,
    '$1$2',
  ],
  [/\^ ?(?:circ(?![a-z])|circ(?=times)|\{circ\})/g, '°'],
  [/(?<=[\d°)}])times(?=sim\d|[^a-z]|$)/g, '×'],
  // Names of arrows are no words of English, where `arrow` is a word of its own.
  [/(?<!\\)(?:long)?leftrightarrow(?![a-z])/g, '↔'],
  [/(?<!\\)(?:long|x)?rightarrow(?![a-z])/g, '→'],
  [/(?<!\\)(?:long|x)?leftarrow(?![a-z])/g, '←'],
  [/(?<!\\)(Leftrightarrow|Rightarrow|Leftarrow)(?![a-z])/g, '\\$1{}'],
  [/(?<![\\A-Za-z-])(uparrow|downarrow)(?![A-Za-z-])/g, '\\$1{}'],
  // One letter or a long number on both sides: `Htimes W`, `512 times 512`.
  [/(?<=(?<![A-Za-z])[A-Za-z])times(?= ?(?:[A-Za-z](?![A-Za-z])|\d|[A-Za-z]times))/g, '×'],
  [/(?<![\d.])(\d{3,5}) times (?=\1(?!\d))/g, '$1 × '],
  [/(?<=\d) times(?= ?10\^)/g, ' ×'],
  [/(?<![\\A-Za-z])sim(?=\.?\d)(?!2(?:real|sim)(?![a-z]))/g, '~'],
  [/(?<=\()sim (?=\.?\d)/g, '~'],
  [/(?<=(?<![A-Za-z])[a-z]) ?sim ?(?=\\?math|[A-Z]\()/g, ' ∼ '],
  [/(?<![\\A-Za-z])approx(?=\s?\d)/g, '≈'],
  [/(?<=\d)pm(?=\.?\d)|(?<=[\s(])pm(?=\.?\d)/g, '±'],
  [/(?<=(?<![A-Za-z])[a-z] )le(?= \.?\d)/g, '≤'],
  [/(?<=(?<![A-Za-z])[a-z] )ge(?= \.?\d)/g, '≥'],
  // One letter may precede these: `kleq 5`.
  [
    /(?<=(?<![\\A-Za-z])[A-HJ-Za-z])(leq|geq|neq|propto|cdot|infty|in(?=\\?math))(?= ?(?:[\d\\]|[A-Za-z](?![A-Za-z])))/g,
    ' \\$1 ',
  ],
  [/(?<=(?<![\\A-Za-z])[kmndKMNDT])log(?= ?[A-Za-z](?![A-Za-z])|\()/g, ' log'],
  [/(?<![\\A-Za-z])sqrt(?=[A-Zdknt](?![A-Za-z]))/g, '√'],
  [
    /(?<![\\A-Za-z])(propto|infty|leq|geq|neq|cdots?|[lv]dots|varepsilon|[lr]ceil|[lr]floor|[lr]angle|varnothing|emptyset|nabla|hbar|notin|subseteq|supseteq|oplus|otimes|odot|simeq|lesssim|gtrsim|mapsto)(?![A-Za-z])/g,
    '\\$1',
  ],
  [/\^ ?(star|ast|top|dagger|prime|infty)(?![A-Za-z])/g, '^\\$1'],
  [new RegExp(`(?<![\\\\A-Za-z])(${GREEK_NAMES})(?=_\\{|_\\d|_[A-Za-z](?![A-Za-z])|\\^[\\d{*])`, 'g'), '\\$1'],
  [new RegExp(`\\{(${GREEK_NAMES})\\}(?=[_^])`, 'g'), '\\$1'],
  // `lambda=1`, `rho > 0.6`, `eta/lambda`, `(epsilon, delta)`; not an option such as `--alpha=1`.
  [
    new RegExp(
      `(?<![\\w\\\\./-])(${GREEK_NAMES})(?= ?[=<>≤≥≈∈] ?(?:[\\d.\\\\{(-]|[A-Za-z](?![a-z])|${GREEK_NAMES}))`,
      'g',
    ),
    '\\$1',
  ],
  [new RegExp(`(?<=[=<>≤≥≈] ?)(${GREEK_NAMES})(?![\\w/-])`, 'g'), '\\$1'],
  [new RegExp(`(?<![\\w\\\\./-])(${GREEK_NAMES})/(${GREEK_NAMES})(?![\\w/-])`, 'g'), '\\$1/\\$2'],
  [/\((var)?epsilon, ?delta\)/g, '(ε, δ)'],
  [/(?<![\\\w])(Omega|Theta)(?=\((?:[a-z](?![a-z])|\\?(?:log|sqrt)|1\/))/g, '\\$1'],
  [/(?<![\w/.])((?:github|gitlab)\.com\/[\w./-]{1,200}|huggingface\.co\/[\w./-]{1,200})(?=\{)/g, 'https://$1'],
  [/!(in|times|to|cdot|leq|geq|approx|sim)!/g, '\\$1{}'],
  [/([\^_]\{[^{}]{0,60}) times ([^{}]{0,60}\})/g, '$1 \\times $2'],
  [/(?<![\\A-Za-z])textless(?=\d)/g, '<'],
  [/(?<![\\A-Za-z])textgreater(?=\d)/g, '>'],
  // A lone `%` is left over from a comment; a percentage follows a number.
  [/(?<=[.,;:!?]\s{1,3})%\s{1,3}(?=[A-Z\\])/g, ''],
]
