import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** Four groups of sixteen topics, so that the hexadecimal digits of a number choose a unique set of four. */
export const TOPICS: readonly (readonly string[])[] = `
sparse retrieval, video generation, protein folding, speech recognition, graph learning, robot grasping,
code synthesis, weather forecasting, theorem proving, image editing, machine translation, recommender systems,
medical imaging, autonomous driving, music transcription, table understanding

diffusion models, state space models, mixture of experts, reinforcement learning, contrastive pretraining,
knowledge distillation, instruction tuning, bayesian inference, curriculum learning, neural rendering,
program search, energy models, prompt compression, low rank adaptation, world models, flow matching

long context, small devices, noisy labels, rare languages, privacy, calibration, hallucination, energy use,
tool use, planning, safety, fairness, interpretability, compression, robustness, memorisation

benchmarks, scaling laws, ablation studies, open weights, human evaluation, synthetic data, theory,
field trials, simulation, hardware, annotation, reproducibility, surveys, negative results, case studies,
data sets
`
  .split(/\n\n/)
  .map((group) => group.trim().split(/,\s/))

const SENTENCES = [
  'We study A under the constraint of B and find that the usual recipe fails where it matters most.',
  'Earlier work treats A and C as separate questions, although both draw on the same few observations.',
  'Our method replaces a hand-made schedule by B, which needs neither a second model nor a longer training.',
  'On D it is better than twelve baselines at a third of their cost, and it stays so when inputs are shifted.',
  'An analysis of errors shows that C explains two thirds of what remains.',
  'We release the code, the weights and every log, so that each figure can be made again with one command.',
  'A careful look at D suggests that reported gains shrink by half once the budget for tuning is the same.',
  'Surprisingly, a plain variant without B is nearly as good when the context is short.',
  'We give a bound for A that is tight up to a logarithm, and show by construction why it cannot be better.',
  'Finally, we discuss where C should not be used, and what a reader should ask before trusting such a system.',
]
const words = (list: string) => list.split(' ')
const NAMES = words('Ada Ben Cleo Dora Emil Femi Gita Hugo Ines Jun Kofi Lena Mira Noor Otto Pia')
const FAMILIES = words(
  'Adeyemi Brandt Castro Dubois Eriksen Fujita Garcia Hansen Ito Jansen Kumar Lopez Meyer Nakamura Olsen Petrov',
)

/** Writes the invented papers of a day as Hugging Face lists them, the same at every call. Returns the file as a source. */
export function writePapers(dir: string, day: string, count: number, name = day): string {
  const file = join(dir, `papers-${name}.json`)
  // Another process may be reading the file, so it is replaced at once.
  writeFileSync(`${file}.new`, JSON.stringify(Array.from({ length: count }, (_, place) => paperOf(day, place))))
  renameSync(`${file}.new`, file)
  return `file:${file}`
}

function paperOf(day: string, place: number): unknown {
  const serial = (Math.round(Date.parse(day) / 86_400_000) * 211 + place) % 100_000
  const topics = TOPICS.map((group, at) => pick(group, place * (2 * at + 1) + Math.floor(place / 16) * (at + 3)))
  const title = `${capital(topics[0] ?? '')} meets ${topics[1]}: ${topics[2]} and ${topics[3]} in ${(serial % 9_973) + 2} settings`
  return {
    paper: {
      id: `2611.${String(serial).padStart(5, '0')}`,
      title,
      summary: Array.from({ length: 6 }, (_, at) => sentence(place * 3 + at * (1 + (place % 7)), topics)).join(' '),
      authors: Array.from({ length: 3 + (place % 6) }, (_, at) => ({
        name: `${pick(NAMES, place + at * 5)} ${pick(FAMILIES, place * 3 + at * 7)}`,
        hidden: false,
      })),
      publishedAt: `${day}T00:00:00.000Z`,
      submittedOnDailyAt: `${day}T01:00:00.000Z`,
      upvotes: 180 - place,
      githubRepo: `https://github.com/example/paper-${serial}`,
      githubStars: (place * 37) % 900,
    },
    publishedAt: `${day}T00:00:00.000Z`,
    title,
    numComments: place % 9,
  }
}

function sentence(at: number, [a = '', b = '', c = '', d = '']: readonly string[]): string {
  const words: Readonly<Record<string, string>> = { A: a, B: b, C: c, D: d }
  return pick(SENTENCES, at).replace(/\b[ABCD]\b/g, (message) => words[message] ?? message)
}

function pick<T>(list: readonly T[], at: number): T {
  return list[at % list.length] as T
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1)
}
