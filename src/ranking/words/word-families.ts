import { americanSpelling } from '../../text/fold.ts'
import { lightStem, singular } from './light-stem.ts'

/** Words that keep their own stem, because a rule would give them the stem of another word: `university` and `universe`. */
const APART = new Set(
  `able alignment bias business canvas causal clipping complement computer container constitution
contrastive correction counter creative critical customer
digital direction director edition
element embedding exception exceptional factor flower folder formal former graphical humanity implement
informative lens matter mental mention mission news normal
objective partial personal personality plane pointer poster positive
priority probably professional projection projector proper proposal rational rationale reality reinforcement relate related relationship
relative sensor session several severe signal species state statement station subjective summer supplement tensor transformer universal universe
university variational`.split(/\s+/),
)

/** Forms of one word that no rule connects. Each line begins with the word whose stem all of them get. */
const FAMILIES = `
adapt adaptation adaption
agent agentic
algorithm algorithmic
analysis analyses
autonomous autonomy
autoregressive autoregression
behavior behavioral
biomedicine biomedical
category categoric
chemistry chemical
comprehend comprehension
corpus corpora
decompose decomposition
degrade degradation
dexterous dexterity
diagnose diagnosis diagnostic
distill distil distillation
economy economic
episode episodic
equivariant equivariance
evolution evolutionary
explain explanation
face facial
finance financial
genome genomic
geometry geometric
hierarchy hierarchic
hypothesis hypotheses
interfere interfering interfered
invariant invariance
lm lms
math mathematic
matrix matrices
medicine medical medicinal
molecule molecular
monitor monitoring monitored
perceive perception perceptual
perturb perturbation
preserve preservation
privacy private
recognize recognition
recommend recommendation
recurrent recurrence
restore restoration
revise revision
robot robotic
safe safety
salient saliency salience
supervise supervision supervisor
surgery surgical
symbol symbolic
symmetry symmetric
syntax syntactic
synthesize synthesis
transparent transparency
vertex vertices
`

/** Endings that are replaced before the light stem is taken, so that it is the same as that of the shorter word. */
const LONGER_FORMS: readonly (readonly [form: RegExp, shorter: string])[] = [
  // `cameras`, `VLAs` and `GPUs`. The light stem keeps words in `-as` and `-us`, such as `bias` and `corpus`.
  [/(?<!bi)as$/, 'a'],
  [/^([a-z]pu)s$/, '$1'],
  // `scalability` → `scalable`
  [/([aiu])bility$/, '$1ble'],
  [/([ai])bly$/, '$1ble'],
  // `classification` → `classify`, `segmentation` → `segment`
  [/ification$/, 'ify'],
  [/mentation$/, 'ment'],
  // `awareness` → `aware`
  [/(?<=....)ness$/, ''],
  // `factuality` → `factual`, `sensitivity` → `sensitive`
  [/ality$/, 'al'],
  [/tivity$/, 'tive'],
  // `conditional` and `conditioning` → `condition`
  [/([ts])ional(?:ism)?$/, '$1ion'],
  [/([ts])ion(?:ed|er|ing)$/, '$1ion'],
  // `biological` → `biology`, `algorithmical` → `algorithmic`
  [/ologic(?:al)?$/, 'ology'],
  [/ical$/, 'ic'],
  // `environmental` → `environment`, `refinement` → `refine`
  [/mental$/, 'ment'],
  [/(?<=..)ement$/, 'e'],
  // `clustering` → `cluster`, `transferred` → `transfer`
  [/err?(?:ed|er|ing)$/, 'er'],
  // `tuning` and `tuned` → `tune`, `mixing` → `mix`
  [/^([^aeiou][aeiou][^aeiouwxy])(?:ed|ing)$/, '$1e'],
  [/^([^aeiou][aeiou]x)(?:ed|ing)$/, '$1'],
]
const SHORTER_CHARS_MIN = 3

/** Returns whether two different words share the light stem of this one: `clip` and `clipping`. A search cannot tell them apart. */
export function isAmbiguousForSearch(stem: string): boolean {
  return APART.has(stem) || LIGHT_STEMS_APART.has(stem)
}

/** Returns the stem that all forms of an English word share. Words of less than four letters do not change. */
export function familyStem(word: string): string {
  if (!/^[a-z]{4,}$/.test(word)) return STEM_OF_FORM.get(word) ?? word
  return stemOfLonger(americanSpelling(word))
}

function stemOfLonger(word: string): string {
  for (const form of [word, singular(word)]) {
    const known = APART.has(form) ? form : STEM_OF_FORM.get(form)
    if (known !== undefined) return known
  }
  const single = singular(word)
  for (const [form, shorter] of LONGER_FORMS) {
    const replaced = single.replace(form, shorter)
    if (replaced !== single && replaced.length >= SHORTER_CHARS_MIN) return stemOfLonger(replaced)
  }
  return endOf(lightStem(single))
}

/** Returns a light stem whose end is the same in all forms: `deployed` has `deploi` as `deploy`, `modelling` has `model`. */
function endOf(stem: string): string {
  return stem.replace(/(?<=...)y$/, 'i').replace(/([aeiou][^aeiou]+[eo]l)l$/, '$1')
}

const LIGHT_STEMS_APART = new Set([...APART].map(lightStem))

const STEM_OF_FORM = new Map(
  FAMILIES.trim()
    .split('\n')
    .flatMap((line) => {
      const [head = '', ...forms] = line.split(' ')
      const stem = APART.has(head) || head.length < SHORTER_CHARS_MIN ? head : endOf(lightStem(head))
      return [head, ...forms].map((form) => [form, stem] as const)
    }),
)
