import { describe, expect, it } from '@jest/globals'
import { arxivIdIn } from '../../../src/ranking/search/arxiv-query.ts'

describe('an arXiv id in a query', () => {
  it.each([
    ['2601.01234', '2601.01234'],
    [' 2601.01234v3 ', '2601.01234'],
    ['arXiv:2601.01234v2 [cs.CL]', '2601.01234'],
    ['arxiv 2601.01234', '2601.01234'],
    ['ARXIV.2601.01234', '2601.01234'],
    ['https://arxiv.org/abs/2601.01234', '2601.01234'],
    ['http://www.arxiv.org/pdf/2601.01234v1.pdf', '2601.01234'],
    ['arxiv.org/html/2601.01234v1#S3', '2601.01234'],
    ['https://export.arxiv.org/abs/2601.01234?context=cs', '2601.01234'],
    ['https://ar5iv.labs.arxiv.org/html/2601.01234', '2601.01234'],
    ['https://www.alphaxiv.org/abs/2601.01234', '2601.01234'],
    ['https://huggingface.co/papers/2601.01234', '2601.01234'],
    ['hf.co/papers/2601.01234/', '2601.01234'],
    ['10.48550/arXiv.2601.01234', '2601.01234'],
    ['https://doi.org/10.48550/arXiv.2601.01234', '2601.01234'],
    ['doi:10.48550/ARXIV.2601.01234', '2601.01234'],
    ['(2601.01234)', '2601.01234'],
    ['arXiv:cs/0101001', 'cs/0101001'],
    ['https://arxiv.org/abs/math.GT/0309136v1', 'math.GT/0309136'],
    ['MATH.gt/0309136', 'math.GT/0309136'],
  ])('%s is the paper', (query, id) => expect(arxivIdIn(query)).toBe(id))

  it.each([
    'StreamVLN',
    '2601.01234 attention',
    'arxiv',
    'GLM 4.5',
    'kelp-net',
    'https://example.org/2601.01234',
    '1.58',
    '',
  ])('“%s” has none', (query) => expect(arxivIdIn(query)).toBeNull())
})
