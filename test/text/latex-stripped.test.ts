import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { readable } from '../../src/text/latex/latex.ts'

const TABLES: Readonly<Record<string, readonly (readonly [string, string])[]>> = {
  'what Hugging Face has stripped is understood': [
    ['(sim50\\%) and sim8k, but sim2real', '(~50%) and ~8k, but sim2real'],
    ['256times256, 3.7times, five times', '256×256, 3.7×, five times'],
    ['360^circ and 360^circtimes180^circ', '360° and 360°×180°'],
    ['pi_0, pi_{0.5}, mu^2LLM, theta_{GRPO}', 'π₀, π_0.5, μ²LLM, θ_GRPO'],
    ['R^textbf{2AI}, a textbf{mu}ltiscale model', 'R²ᴬᴵ, a multiscale model'],
    ['mathcal{O}(T^{-1/4})', 'O(T^(-1/4))'],
    ['x!in!{4,8}', 'x∈{4,8}'],
    ['0.73rightarrow0.90', '0.73→0.90'],
    ['code: https://a.b/c_d{here}.', 'code: here (https://a.b/c_d).'],
    ['delta tuning, tau-bench, Mem-alpha', 'delta tuning, tau-bench, Mem-alpha'],
  ],
  'formulas that Hugging Face has stripped are understood': [
    ['sorts in Oleft(nlog nright) steps', 'sorts in O(n log n) steps'],
    ['the bound left(x^2+yright) holds', 'the bound (x²+y) holds'],
    ['about (sim 19%) and sim19%', 'about (~19%) and ~19%'],
    ['with lambda=1, rho > 0.6, eta = 3e-4', 'with λ=1, ρ > 0.6, η = 3e-4'],
    ['the ratio eta/lambda and (epsilon, delta)-privacy', 'the ratio η/λ and (ε, δ)-privacy'],
    ['needs Omega(n) and Theta(log n) bits', 'needs Ω(n) and Θ(log n) bits'],
    ['ENrightarrowDE, DEleftrightarrowEN, A Rightarrow B', 'EN→DE, DE↔EN, A ⇒ B'],
    ['an Htimes W grid, 512 times 512, R^{dtimes d}', 'an H× W grid, 512 × 512, R^(d×d)'],
    ['for kleq 5 and ngeq 2', 'for k ≤ 5 and n ≥ 2'],
    ['we set h=varnothing, with gain λ^star', 'we set h=∅, with gain λ*'],
    ['drops by 3.1pm0.2 points', 'drops by 3.1±0.2 points'],
    ['noise x sim mathcal{N}(0, 1), in mathbb R', 'noise x ∼ N(0, 1), in ℝ'],
    ['the state ket{0}, texorpdfstring{$k$}{k}-NN', 'the state |0⟩, k-NN'],
  ],
  'citation keys become names and years': [
    ['Owls hunt \\cite{doe2019owls}.', 'Owls hunt (Doe 2019).'],
    ['as shown by \\citet{doe2019,roe2020larks}', 'as shown by Doe (2019), Roe (2020)'],
    [
      'Doe et al. [doe2019owls] and others [roe2020larks, poe2021jays]',
      'Doe et al. (2019) and others (Roe 2020; Poe 2021)',
    ],
    ['Owls hunt \\cite{DBLP:x/y}.', 'Owls hunt.'],
    ['items [a, b], [imagenet2012] and [0, 1]', 'items [a, b], [imagenet2012] and [0, 1]'],
  ],
  'English that looks like a command stays': [
    [
      'five times, 5 times 4, turn left (or right), left(right)',
      'five times, 5 times 4, turn left (or right), left(right)',
    ],
    ['the lambda calculus, Sim2Real, in sim 95% pass', 'the lambda calculus, Sim2Real, in sim 95% pass'],
    ['GPT-times, alpha testing, beta1, --alpha=1', 'GPT-times, alpha testing, beta1, –alpha=1'],
    ['an up arrow, a partial sum, Ineq-Bench, dots', 'an up arrow, a partial sum, Ineq-Bench, dots'],
    ['a blog about a vlog, 5pm, delta=false', 'a blog about a vlog, 5pm, delta=false'],
  ],
}

for (const [sentence, rows] of Object.entries(TABLES)) {
  describe(sentence, () => {
    it.each(rows)('%s → %s', (latex, plain) => {
      expect(readable(latex)).toBe(plain)
    })
  })
}

it('does not change plain English', () => {
  const word = fc.constantFrom(
    ...'times sim left right lambda calculus alpha beta delta pi to in at log sum partial arrow max mid star circle'.split(
      ' ',
    ),
    ...'text hat bar ring over root frame begin end cite note ok Omega Theta sigma a I we (left) right, state-of-the-art'.split(
      ' ',
    ),
    ...'Sim2Real 5 3.7% 1,000 [1] GPT-4 vs. “so” (e.g., sim) and/or times, left: right; mu nu xi eta rank model'.split(
      ' ',
    ),
  )
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 25 }), (words) => {
      const sentence = `${words.join(' ')}.`
      expect(readable(sentence)).toBe(sentence)
    }),
    { numRuns: 1_000 },
  )
})
