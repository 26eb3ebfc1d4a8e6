import { describe, expect, it } from '@jest/globals'
import { saysWhereToFind, withoutWebAddresses } from '../../src/text/where-to-find.ts'

describe('a sentence that says where to find something', () => {
  it.each([
    ['Code is available at https://example.org/a.', true],
    ['Our code and data will be made publicly available.', true],
    ['To help others, all models and scripts are released.', true],
    ['Project page: https://example.github.io/ponds/', true],
    ['Website and code: example.org/ponds', true],
    ['We will release our code and weights.', true],
    ['In an effort to help gardeners, we make the model and code public.', true],
    ['We release Pond at https://example.org/pond to support research on frogs.', true],
    ['We introduce Pond (https://example.org/pond), a model of frogs.', false],
    ['We release a data set of frogs in ponds.', false],
    ['The code that frogs speak is simple.', false],
    ['Open-source models of frogs fall behind.', false],
  ])('%p: %p', (sentence, says) => expect(saysWhereToFind(sentence)).toBe(says))

  it('has an address that is no part of its words', () => {
    expect(withoutWebAddresses('We built Pond (https://example.org/frog-pond), a pump.')).not.toMatch(/frog/)
    expect(withoutWebAddresses('See frogs.github.io and example.com/frogs.')).not.toMatch(/frogs/)
    expect(withoutWebAddresses('Frogs e.g. in Node.js and 3.5 ponds.')).toBe('Frogs e.g. in Node.js and 3.5 ponds.')
  })
})
