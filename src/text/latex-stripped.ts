/**
 * Restores backslashes that Hugging Face has stripped from LaTeX: `textbf{x}`, `mathcal{O}`, `360^circ`, `256times256`,
 * `pi_0`, `sim50\%`. It changes only forms that do not occur in English: `5 times`, `sim2real` and `delta` stay.
 */
export function restoreStripped(text: string): string {
  let rest = text
  for (const [pattern, replacement] of RULES) rest = rest.replace(pattern, replacement)
  return rest
}

const GREEK_NAMES =
  'alpha|beta|gamma|delta|epsilon|varepsilon|zeta|eta|theta|iota|kappa|lambda|mu|nu|xi|pi|rho|sigma|tau|phi|varphi|chi|psi|omega|Gamma|Delta|Theta|Lambda|Sigma|Phi|Psi|Omega|ell'

const RULES: readonly (readonly [RegExp, string])[] = [
  // No English word ends like these, so a letter may precede them.
  [
    /(?<!\\)(textbf|textit|texttt|textsc|textrm|textsf|textsuperscript|textsubscript|textcolor|mathcal|mathbb|mathbf|mathrm|mathsf|mathit|mathscr|mathfrak|boldsymbol|operatorname|widehat|widetilde|citep|citet) ?(?=\{)/g,
    '\\$1',
  ],
  [/(?<![\\A-Za-z])(emph|sqrt|frac|dfrac|text|hat|tilde|bar|vec|underline|overline|url|href)(?=\{)/g, '\\$1'],
  [/(?<!\\)(mathcal|mathbb|mathbf|mathrm|boldsymbol)(?=[A-Z](?![a-z])|\p{Script=Greek})/gu, '\\$1 '],
  [/\^ ?(?:circ(?![a-z])|circ(?=times)|\{circ\})/g, '°'],
  [/(?<=[\d°)}])times(?=sim\d|[^a-z]|$)/g, '×'],
  [/(?<=[\d%)}] ?)(?:long)?rightarrow(?=\s?[\d.])/g, '→'],
  [/(?<![\\A-Za-z])sim(?=\.?\d)(?!2(?:real|sim)(?![a-z]))/g, '~'],
  [/(?<![\\A-Za-z])approx(?=\s?\d)/g, '≈'],
  [/(?<![\\A-Za-z])(propto|infty|leq|geq|neq|cdots?|ldots|varepsilon|[lr]ceil|[lr]floor)(?![A-Za-z])/g, '\\$1'],
  [new RegExp(`(?<![\\\\A-Za-z])(${GREEK_NAMES})(?=_\\{|_\\d|_[A-Za-z](?![A-Za-z])|\\^[\\d{*])`, 'g'), '\\$1'],
  [new RegExp(`\\{(${GREEK_NAMES})\\}(?=[_^])`, 'g'), '\\$1'],
  [/(?<![\w/.])((?:github|gitlab)\.com\/[\w./-]{1,200}|huggingface\.co\/[\w./-]{1,200})(?=\{)/g, 'https://$1'],
  [/!(in|times|to|cdot|leq|geq|approx|sim)!/g, '\\$1{}'],
  [/([\^_]\{[^{}]{0,60}) times ([^{}]{0,60}\})/g, '$1 \\times $2'],
  [/(?<![\\A-Za-z])textless(?=\d)/g, '<'],
  [/(?<![\\A-Za-z])textgreater(?=\d)/g, '>'],
  // A lone `%` is left over from a comment; a percentage follows a number.
  [/(?<=[.,;:!?]\s{1,3})%\s{1,3}(?=[A-Z\\])/g, ''],
]
