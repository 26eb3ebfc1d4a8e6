import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import type { Entry } from '../../../src/domain/edition.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { createCandidatePool } from '../../../src/ranking/selection/candidate-pool.ts'
import { createLexicon } from '../../../src/ranking/words/lexicon.ts'
import { createSynonyms, parseSynonyms } from '../../../src/ranking/words/synonyms.ts'
import { paperOf } from '../../support/papers.ts'

const entryOf = (title: string, at: number): Entry => ({
  rank: at + 1,
  score: 0,
  why: '',
  paper: paperOf(`2511.0000${at}`, { title, abstract: '', keywords: [] }),
  signals: { upvotes: 0, comments: null, stars: null },
})
const matches = (typed: string, title: string) =>
  (createCandidatePool([entryOf(title, 0)]).strengths(typed)?.matching.length ?? 0) > 0

describe('an interest finds what its synonyms name', () => {
  it.each([
    // Both find each other.
    ['medical', 'Clinical notes of a small hospital'],
    ['clinical', 'A healthcare survey'],
    ['healthcare', 'Medical letters, read aloud'],
    ['robotics', 'Embodied agents in kitchens'],
    ['embodied', 'A robot that sorts buttons'],
    ['LLM', 'On large language models'],
    ['language models', 'Four LLMs in a chat room'],
    ['large language models', 'Four LLMs in a chat room'],
    ['VLM', 'A vision-language model for maps'],
    ['vision-language models', 'VLMs that count owls'],
    ['RL', 'Reinforcement learning from little'],
    ['reinforcement learning', 'RL on a laptop'],
    ['RAG', 'Retrieval-augmented generation for cooks'],
    ['retrieval augmented generation', 'RAG without tears'],
    ['hallucination', 'The factuality of summaries'],
    ['factuality', 'Hallucinations in long answers'],
    ['interpretability', 'Explainability of trees'],
    ['code generation', 'Program synthesis by examples'],
    ['program synthesis', 'Code generation in Forth'],
    ['speech recognition', 'ASR in noisy rooms'],
    ['text to speech', 'TTS with two voices'],
    ['score-based models', 'Diffusion models of rain'],
    ['image synthesis', 'Image generation on a phone'],
    ['tool use', 'Function calling, step by step'],
    ['autonomous driving', 'Self-driving on gravel'],
    ['fine-tuning', 'Finetuned in an hour'],
    // The narrower term belongs to the broader one.
    ['safety', 'Jailbreaks by poems'],
    ['AI safety', 'Red teaming a tutor'],
    ['reinforcement learning', 'GRPO with fewer samples'],
    ['speech', 'ASR for two languages'],
    ['quantization', 'FP4 training, stable at last'],
    ['model compression', 'Post-training quantization of adapters'],
    ['biology', 'Protein folding at home'],
    ['image generation', 'Text-to-image models of cats'],
    ['robot', 'Dexterous manipulation of cloth'],
    ['education', 'Tutoring in arithmetic'],
    // A part of the interest has a synonym.
    ['medical question answering', 'Clinical question answering in Welsh'],
    ['LLM agents', 'Large language model agents that shop'],
    ['RL for robots', 'Reinforcement learning for robots'],
    ['radiology', 'Chest CT scans of children'],
    ['sim2real', 'From simulation, or sim-to-real'],
    ['SWE-bench', 'Issue resolution in large repositories'],
    ['red-teaming', 'Jailbreaks by poems'],
  ])('%p finds %p', (typed, title) => expect([typed, matches(typed, title)]).toEqual([typed, true]))

  it.each([
    ['jailbreak', 'The safety of bridges'],
    ['red teaming', 'AI safety, a history'],
    ['GRPO', 'Reinforcement learning from little'],
    ['ASR', 'Speech and its melody'],
    ['TTS', 'ASR in noisy rooms'],
    ['FP4', 'Quantization of adapters'],
    ['protein', 'The biology of owls'],
    ['text-to-image', 'Image generation on a phone'],
    ['embeddings', 'Devices that are embedded in walls'],
    ['alignment', 'Aligned with the wind'],
    ['CLIP', 'The clipping of hedges'],
    ['grasping', 'A robot that sorts buttons'],
    ['medical', 'Legal notes of a small court'],
    ['medical', 'We diagnose a broken bridge'],
    ['robot', 'Stories that embody a spirit'],
    ['model compression', 'Vector quantization of songs'],
    ['LLM', 'A vision-language model for maps'],
    ['social bias', 'Fairness of queues'],
    ['legal', 'The scaling law of owls'],
    ['safety', 'The temporal misalignment of clocks'],
    ['speech', 'Test-time scaling (TTS) of planners'],
    ['TTS', 'Test-time scaling (TTS) of planners'],
    ['text-to-speech', 'Test-time scaling (TTS) of planners'],
    ['robot', 'The manipulation of images'],
    ['education', 'A teacher network for a student network'],
    ['speech', 'Text classification'],
    ['university', 'A universal approach'],
    ['language models', 'World models of traffic'],
  ])('%p does not find %p', (typed, title) => expect([typed, matches(typed, title)]).toEqual([typed, false]))

  it('ranks a paper with the typed word before one with a synonym', () => {
    const titles = ['Clinical notes of one town', 'Medical notes of one town', 'Nothing of the kind']
    const values = createCandidatePool(titles.map(entryOf)).strengths('medical')?.values ?? []
    expect(values[1]).toBeGreaterThan(values[0] ?? 0)
    expect(values[0]).toBeGreaterThan(0)
  })

  it('hides no paper for a synonym of a muted term', () => {
    const pool = createCandidatePool(['Clinical notes', 'Medical notes'].map(entryOf))
    expect(pool.muted('medical')).toEqual([1])
    expect(pool.muted('-medical')).toEqual([1])
  })
})

describe('an abbreviation with two meanings', () => {
  const scaling = { title: 'A', abstract: 'We study test-time scaling (TTS).' }
  const lexicon = createLexicon([scaling, scaling])
  const speech = { title: 'B', abstract: 'Readers met an automated pilot (AP).' }
  const paper = { title: 'C', abstract: 'Attacks by adversarial patches (AP) are rare. Average precision (AP) is not.' }

  it('has the meaning of its synonyms, not the most frequent one', () => {
    expect(lexicon.expansion('tts')).toBeNull()
    expect(lexicon.abbreviation('test time scal')).toBeNull()
    expect(lexicon.synonyms('TTS').map(({ shown }) => shown)).toContain('text-to-speech')
  })

  it('has none without synonyms, unless nearly all papers agree', () => {
    expect(createLexicon([speech]).expansion('ap')).toEqual(['automat', 'pilot'])
    expect(createLexicon([speech, paper]).expansion('ap')).toBeNull()
  })
})

describe('a file of synonyms', () => {
  const { lines } = parseSynonyms('# Owls\n\nowl = strix  # Latin\nbird > owl, crow\n')
  const lexicon = createLexicon([], createSynonyms(lines))

  it.each([
    ['owls', ['strix']],
    ['Strix', ['owl']],
    ['bird', ['owl', 'crow']],
    ['crow', []],
    ['owl songs', ['strix songs']],
    ['bird songs', []],
    ['zebra', []],
  ])('gives %p the other forms %p', (typed, forms) => {
    expect(lexicon.synonyms(typed).map(({ shown }) => shown)).toEqual(forms)
  })

  it('has no fault in the bundled file, and no term that says nothing', () => {
    const text = readFileSync(join(PACKAGE_ROOT, 'src/ranking/words/synonyms.txt'), 'utf8')
    expect(parseSynonyms(text).faults).toEqual([])
  })

  it('names every line that says nothing', () => {
    const text = 'owl\nowl = \nowl = of the\nowl > crow > jay\nowl = crow, jay\nowl = Owls\na = b > c\nbird > owl\n'
    expect(parseSynonyms(text).faults).toEqual([
      { line: 1, reason: 'must have the form a = b or a > b, c' },
      { line: 2, reason: 'has an empty term' },
      { line: 3, reason: 'has the term “of the”, which says nothing' },
      { line: 4, reason: 'has more than one >' },
      { line: 5, reason: 'has a comma beside =, which belongs to >' },
      { line: 6, reason: 'has a term twice' },
      { line: 7, reason: 'must have the form a = b or a > b, c' },
    ])
    expect(parseSynonyms(`${Array.from({ length: 21 }, (_, at) => `owl ${at}`).join(' = ')}`).faults).toHaveLength(1)
    expect(parseSynonyms('owl = strix\n'.repeat(2001)).faults).toHaveLength(1)
  })
})
