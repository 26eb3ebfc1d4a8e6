import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SEED_CHARS_MAX, SEED_ENTRY_CHARS_MAX, SEED_WORKS_MAX } from '../../../config/limits-subscriptions.ts'
import { readSeeds } from '../../../src/subscriptions/seeds/read-seeds.ts'

const read = (text: string) => readSeeds(text, async () => {})
const ids = async (text: string) => (await read(text)).works.map(({ id }) => id)

const BIB = `
@string{owl = "Owl Letters"}
@article{lovelace2024, title = {The {S}chr{\\"o}dinger owl: {RAG} \\& more}, author = {Lovelace, Ada},
  eprint = {2401.00001v2}, archivePrefix = {arXiv}, keywords = {sparse retrieval, owls}, journal = owl }
@misc{broken, title = {No end, author = {X}
@inproceedings(somerville:23, title = "On the Connexion " # "of Retrieval", doi = {10.48550/arXiv.2302.12345})
@article{numbers, title={A study of things}, doi = {10.1000/2301.12345}, number = {2301.1234} }
`

describe('a list of own papers', () => {
  it.each([
    ['2401.00001', ['2401.00001']],
    ['2401.00001v3, 2402.11111', ['2401.00001', '2402.11111']],
    ['https://arxiv.org/abs/2401.00001v2\nhttp://www.arxiv.org/pdf/2402.11111.pdf', ['2401.00001', '2402.11111']],
    ['arXiv:2401.00001 [cs.CL]', ['2401.00001']],
    ['https://huggingface.co/papers/2401.00001', ['2401.00001']],
    ['10.48550/arXiv.2401.00001', ['2401.00001']],
    ['hep-th/9901001\nmath.AG/0101001v2', ['hep-th/9901001', 'math.AG/0101001']],
    ['2401.00001\n2401.00001', ['2401.00001']],
  ])('reads the ids in %j', async (text, expected) => {
    expect(await ids(text)).toEqual(expected)
  })

  it('reads titles, and says which lines are neither', async () => {
    const { works, faults } = await read('Attention is all owls need\nowl\nhttps://example.org/paper\n9913.00001')
    expect(works).toEqual([{ id: null, title: 'Attention is all owls need', keywords: [] }])
    expect(faults).toEqual([
      '“owl” is neither an arXiv id nor a title.',
      '“https://example.org/paper” is not an address of arXiv.',
      '“9913.00001” is neither an arXiv id nor a title.',
    ])
  })

  it('reads BibTeX with LaTeX and macros, names the broken entry and uses the others', async () => {
    const { works, faults } = await read(BIB)
    expect(works).toEqual([
      { id: '2401.00001', title: 'The Schrödinger owl: RAG & more', keywords: ['sparse retrieval', 'owls'] },
      { id: '2302.12345', title: 'On the Connexion of Retrieval', keywords: [] },
      { id: null, title: 'A study of things', keywords: [] },
    ])
    expect(faults).toEqual([expect.stringMatching(/^The entry “broken” \(line 5\) cannot be read as BibTeX/)])
  })

  it('reads the works of an ORCID record', async () => {
    const group = [
      {
        'external-ids': { 'external-id': [{ 'external-id-type': 'doi', 'external-id-value': '10.1000/1' }] },
        'work-summary': [
          {
            title: { title: { value: 'Owls at <i>night</i>' } },
            'external-ids': {
              'external-id': [{ 'external-id-type': 'arxiv', 'external-id-value': 'arXiv:2401.00001' }],
            },
          },
        ],
      },
      { 'work-summary': [{ title: { title: { value: 'A second work' } }, 'external-ids': null }] },
      { 'work-summary': [] },
      null,
    ]
    const works = [
      { id: '2401.00001', title: 'Owls at night', keywords: [] },
      { id: null, title: 'A second work', keywords: [] },
    ]
    for (const json of [{ group }, { works: { group } }, { 'activities-summary': { works: { group } } }])
      expect(await read(JSON.stringify(json))).toEqual({ works, faults: [] })
  })

  it.each([
    ['', /empty/],
    ['{"group":', /looks like JSON, but it/],
    ['[1, 2]', /not a list of works/],
    ['{"__proto__": {"group": [{}]}}', /not a list of works/],
    [`{"group":${'['.repeat(100_000)}`, /looks like JSON, but it/],
    ['x'.repeat(SEED_CHARS_MAX + 1), /longer than 512 KB/],
    [`@article{x, title={${'{'.repeat(9_000)}${'}'.repeat(9_000)}}}`, /cannot be read as BibTeX/],
    [`@article{x, title={${'a'.repeat(SEED_ENTRY_CHARS_MAX)}}}`, /is longer than 20000 characters/],
    [`@article{${'a,'.repeat(9_000)}`, /cannot be read as BibTeX/],
  ])('says plainly what is wrong with %.40j', async (text, words) => {
    const { works, faults } = await read(text)
    expect(works).toEqual([])
    expect(faults.join('\n')).toMatch(words)
  })

  it('uses a bounded number of works', async () => {
    const many = Array.from({ length: SEED_WORKS_MAX + 50 }, (_, i) => 10_000 + i)
    for (const list of [
      many.map((i) => `2401.${i}`).join('\n'),
      many.map((i) => `@misc{k${i}, title={Work ${i}}}`).join('\n'),
      JSON.stringify({ group: many.map((i) => ({ 'work-summary': [{ title: { title: { value: `Work ${i}` } } }] })) }),
    ]) {
      const { works, faults } = await read(list)
      expect([works.length, faults.length]).toEqual([SEED_WORKS_MAX, 1])
    }
  })

  it('never fails, whatever is pasted', async () => {
    const hostile = fc.string({
      unit: fc.constantFrom(...'@article{}()=",#\\$ab[]:\n <>\u0000\u202e') as fc.Arbitrary<string>,
      maxLength: 300,
    })
    await fc.assert(
      fc.asyncProperty(fc.oneof(hostile, fc.json(), fc.string({ unit: 'binary' })), async (text) => {
        for (const { title } of (await read(text)).works) expect(title ?? '').not.toMatch(/[\p{Cc}\u202e]/u)
      }),
      { numRuns: 200 },
    )
  })
})
