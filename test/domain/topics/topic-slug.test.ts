import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { categoryPath, topicPath, topicSlug } from '../../../src/domain/topics/topic-slug.ts'

describe('the address of a topic', () => {
  it.each([
    [
      'large-language-model',
      ['Large Language Models (LLMs)', 'large language model', 'large-language  models', 'LLMs'],
    ],
    ['large-language-model-agent', ['LLM agents', 'LLM-Agent']],
    ['monte-carlo-tree-search', ['MCTS', 'Monte-Carlo tree search (MCTS)']],
    ['policy', ['policies', 'Policy']],
    ['loss', ['loss', 'losses']],
    ['mixture-of-expert', ['Mixture of Experts (MoE)', 'Mixture-of-Experts', 'mixture–of–experts']],
    ['poincare-embedding', ['Poincaré embeddings', 'Poincare embedding']],
    ['glm-4-5', ['GLM-4.5', 'GLM 4.5']],
    ['c-plus-plus', ['C++', 'c++']],
    ['q-and-a', ['Q&A', 'Q & A']],
    ['shor-algorithm', ["Shor's algorithm", 'Shor’s Algorithm', 'Shors algorithms']],
  ])('%s stands for all its spellings', (slug, spellings) => {
    expect(new Set(spellings.map(topicSlug))).toEqual(new Set([slug]))
  })

  it.each(['bias', 'analysis', 'consensus', 'robotics', 'class', 'news', 'gas', 'time series'])(
    '“%s” is no plural',
    (keyword) => expect(topicSlug(keyword)).toBe(keyword.replace(' ', '-')),
  )

  it('keeps other scripts, cuts long keywords, and sends keywords without words to the list', () => {
    expect(topicPath('知识图谱')).toBe(`/topics/${encodeURIComponent('知识图谱')}`)
    expect(topicSlug('word '.repeat(99)).length).toBeLessThanOrEqual(80)
    expect(topicPath(`a${'𝒳𐐀'.repeat(99)}`)).toMatch(/^\/topics\/a/)
    expect(topicPath('→ !')).toBe('/topics')
    expect(topicPath('LLMs')).toBe('/topics/large-language-model')
    expect(categoryPath('cs.CL')).toBe('/topics/category/cs.CL')
  })

  it('does not change when a slug is folded again', () => {
    const messy = fc.stringMatching(/^[a-zA-Zés\-+#&'()² İℝα识]{0,120}$/)
    fc.assert(
      fc.property(fc.oneof(messy, fc.string({ unit: 'binary' })), (keyword) => {
        expect(topicSlug(topicSlug(keyword))).toBe(topicSlug(keyword))
        expect(topicPath(keyword)).toMatch(/^\/topics(\/[^/?#]+)?$/)
      }),
    )
  })
})
