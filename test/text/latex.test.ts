import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readable } from '../../src/text/latex/latex.ts'

const TABLES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'a formula reads as text': [
    ['$\\alpha$-Flow', 'α-Flow'],
    ['R$^3$L', 'R³L'],
    ['x^{2} and H_2O', 'x² and H₂O'],
    ['$x_{i}$ and $x_{ij}$', 'xᵢ and xᵢⱼ'],
    ['$x_{\\theta}$', 'x_θ'],
    ['$\\mathbb{R}^{d\\times d}$', 'ℝ^(d×d)'],
    ['$\\mathcal{O}(\\sqrt{n \\ln n})$', 'O(√(n ln n))'],
    ['$\\frac{1}{2}$ and $\\frac{a+b}{c}$', '1/2 and (a+b)/c'],
    ['\\sqrt{x}, $\\sqrt[3]{x}$', '√x, ³√x'],
    ['$K\\in\\{2,3,4\\}$ and $n\\le6$', 'K ∈ {2,3,4} and n ≤ 6'],
    ['$\\geq 5$', '≥5'],
    ['$n\\log n$', 'n log n'],
    ['$f_\\phi:\\mathcal{X}\\to\\mathcal{Z}$', 'fᵩ:X → Z'],
    ['$\\widetilde{O}\\left(\\frac{1}{T}\\right)$', 'Õ(1/T)'],
    ['$\\operatorname{argmax}_x f$', 'argmaxₓ f'],
    ['$\\|A - B\\|$', '‖A - B‖'],
    ['$a \\not\\in b$', 'a ∉ b'],
    ['\\(y_2\\), \\[ x^2 \\], $$z^3$$', 'y₂, x², z³'],
    ['\\begin{equation}a_i = b^2\\end{equation}', 'aᵢ = b²'],
    ['2160$\\times$3840', '2160×3840'],
    ['25$^\\circ$C and 360{\\deg}', '25°C and 360°'],
    ['$m\\choose k$ subsets', 'm choose k subsets'],
  ],
  'commands of text leave their words': [
    ['\\textbf{bold} \\emph{em} \\texttt{a\\_b}', 'bold em a_b'],
    ['$\\textbf{T}$ransform', 'Transform'],
    ['5\\% \\& \\#1 \\{x\\} \\$5 a\\_b', '5% & #1 {x} $5 a_b'],
    ['\\textless2MB, \\textgreater{} 3', '<2MB, > 3'],
    ['a\\ldots b, Fig.~3', 'a… b, Fig. 3'],
    ['{\\em word} {\\bf x}', 'word x'],
    ['\\url{https://a.b/c_d/~e}', 'https://a.b/c_d/~e'],
    ['\\href{https://u.v}{the page}', 'the page'],
    ['a\\label{x} b\\footnote{note}.', 'a b (note).'],
    ['\\begin{itemize}\\item one \\item two\\end{itemize}', '• one • two'],
    ['\\textcolor{red}{warm}', 'warm'],
    ['ID\\textsuperscript{2}Face', 'ID²Face'],
    ['an \\iid sample, \\eg this', 'an i.i.d. sample, e.g. this'],
    ['\\method{} beats \\ours, by \\foo{bar}', 'method beats ours, by foo bar'],
  ],
  'accents become letters': [
    ['caf\\\'e, Schr\\"{o}dinger, \\^i, \\c{c}, \\v{s}', 'café, Schrödinger, î, ç, š'],
    ["\\o, \\ss, \\L{}\\'od\\'z, Erd\\H{o}s", 'ø, ß, Łódź, Erdős'],
    ["Bolet{\\'\\i}n, {\\AA}lesund, 2 \\r{A}", 'Boletín, Ålesund, 2 Å'],
    ["GPT-4o\\'s score", "GPT-4o's score"],
    ['Fran\\c cois, \\c Cetin, Erd\\H os, Fran\\c{c}ois', 'François, Çetin, Erdős, François'],
  ],
  'dashes and quotation marks are those of print': [
    ["``x'', ``y\", `z', don't", "“x”, “y”, ‘z’, don't"],
    ['a -- b, 5--10, c---d', 'a – b, 5–10, c—d'],
    ['the `--force` option', 'the ‘--force’ option'],
  ],
  'money stays money': [
    ['costs $5 and $10', 'costs $5 and $10'],
    ['US$ 5 or 10$ per month', 'US$ 5 or 10$ per month'],
    ['from $1.5M to $2M, with $n$ items', 'from $1.5M to $2M, with n items'],
    ['$5 for the small and 7$', '$5 for the small and 7$'],
    ['$3.5\\times$ faster, $20\\%$ cheaper', '3.5× faster, 20% cheaper'],
  ],
  'brackets of physics and matrices are on one line': [
    ['$\\ket{0}$, $\\bra{x}$, $\\braket{a|b}$, $\\braket{a}{b}$', '|0⟩, ⟨x|, ⟨a|b⟩, ⟨a|b⟩'],
    ['$\\ketbra{0}{1}$', '|0⟩⟨1|'],
    ['$\\begin{pmatrix} a & b \\\\ c & d \\end{pmatrix}$', '(a, b; c, d)'],
    ['\\begin{bmatrix}1 & 0\\\\0 & \\alpha\\end{bmatrix}', '[1, 0; 0, α]'],
    ['$f=\\begin{cases}1 & x>0\\\\0\\end{cases}$', 'f={1, x>0; 0}'],
  ],
  'commands with two forms show the plain one': [
    ['\\texorpdfstring{$\\mathbb{R}$-trees}{R-trees} grow', 'R-trees grow'],
    ['owls\\footnote[2]{At night.} hunt', 'owls (At night.) hunt'],
    ['owls\\footnotemark[2] hunt', 'owls hunt'],
  ],
  'what is no LaTeX stays as it is': [
    ['file_name, Q4_0, v4_v5, 10_000', 'file_name, Q4_0, v4_v5, 10_000'],
    ['~1.6M, (~5%), 10~100, 10x ~ 50x', '~1.6M, (~5%), 10~100, 10x ~ 50x'],
    ['a < b, <image> and {red, green}', 'a < b, <image> and {red, green}'],
    ['https://a.io/x_y/~z?q=1%20&r', 'https://a.io/x_y/~z?q=1%20&r'],
    ['论文 نص עברית 🙂', '论文 نص עברית 🙂'],
  ],
}

for (const [sentence, rows] of Object.entries(TABLES)) {
  describe(sentence, () => {
    it.each(rows)('%s → %s', (latex, plain) => {
      expect(readable(latex)).toBe(plain)
    })
  })
}

// Fragments of LaTeX find more faults than random letters.
const FRAGMENTS = [
  '$',
  '$$',
  '\\',
  '{',
  '}',
  '^',
  '_',
  '~',
  '`',
  "''",
  '--',
  '\\frac',
  '\\textbf{',
  '\\(',
  '\\)',
  '\\sqrt[',
  ']',
  '\\left',
  '\\hat',
  "\\'",
  '\\begin{equation}',
  '\\end{',
  '\\item',
  'https://a.b/',
  'pi_0',
  'times',
  '5',
  'x',
  ' ',
  '\n',
  '\u0000',
  '\ue001',
  '𝒳',
  '\ud800',
  '\\not',
  '\\verb|',
  '\\href{',
  '&',
  '%',
]
const latexLike = fc
  .array(fc.oneof(fc.constantFrom(...FRAGMENTS), fc.string({ maxLength: 4 })), { maxLength: 60 })
  .map((parts) => parts.join(''))

describe('any text of a source', () => {
  it('is read without a fault, into a bounded line without control characters', () => {
    fc.assert(
      fc.property(latexLike, (text) => {
        const plain = readable(text)
        expect(plain.length).toBeLessThanOrEqual(4 * text.length + 8)
        expect(plain).not.toMatch(/[\p{Cc}\ue000\ue001]/u)
      }),
      { numRuns: 2_000 },
    )
  })

  it('keeps every word of a text without commands', () => {
    // Stripped commands are read as commands, also between two letters: "ageqa" is a ≥ a, and "nlogn" is n log n.
    const stripped =
      /log|times|arrow|inmath|[lg]eq|neq|propto|cdot|infty|dots|[lr](ceil|floor|angle)|nabla|hbar|notin|oplus|otimes|odot|simeq|lesssim|gtrsim|mapsto|su[bp]seteq|emptyset|varnothing/
    const word = fc.stringMatching(/^[a-z]{4,9}$/).filter((text) => !stripped.test(text))
    const marked = fc.tuple(
      word,
      fc.constantFrom('@', '{@}', '$@$', '\\textbf{@}', '\\emph{@}', '\\unknown{@}', '(@)', "``@''"),
    )
    fc.assert(
      fc.property(fc.array(marked, { minLength: 1, maxLength: 12 }), (parts) => {
        const plain = readable(parts.map(([text, form]) => form.replace('@', () => text)).join(' '))
        for (const [text] of parts) expect(plain).toContain(text)
      }),
    )
  })

  it.each([
    '{',
    '}',
    '$',
    '$$ ',
    '\\',
    '^',
    '_',
    '\\(',
    '\\frac',
    '\\textbf{',
    '\\sqrt{',
    'x_{',
    '\\begin{equation}',
    '`',
    '-',
    '~',
    '{{{{}',
    '\\left',
    '$x',
    '\\[',
    "\\'",
    '\\href{',
    '%  ',
    'https://',
    '\\not',
    '\\verb|',
    '^circ',
    '\\cite[',
    'left(',
    'aleft(b',
    'left(x=',
    '[doe2019owls, ',
    '\\begin{pmatrix}a & b \\\\ ',
    '\\braket{a',
    'lambda=',
    'xtimes ',
  ])('takes linear time for many repetitions of %j', (fragment) => {
    const before = process.cpuUsage()
    readable(fragment.repeat(Math.ceil(50_000 / fragment.length)))
    // Takes about 20 ms of CPU time. Quadratic time would take many seconds.
    expect(process.cpuUsage(before).user).toBeLessThan(2_000_000)
  })
})
