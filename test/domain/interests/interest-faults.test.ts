import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { interestFault } from '../../../src/domain/interests/interest-faults.ts'
import { checkPreferences } from '../../../src/domain/preferences.ts'
import { DEFAULT_PREFERENCES } from '../../../src/domain/subscriber.ts'
import { parseInterests } from '../../../src/subscriptions/sign-up.ts'

describe('an interest that cannot mean what its writer meant', () => {
  it.each([
    ['author:', 'has no name'],
    ['author:  …', 'has no name'],
    ['-author:', 'has no name'],
    ['category:', 'has no category'],
    ['category:cs.XX', 'is not a category of arXiv. Write one'],
    ['category:csCL', 'Did you mean category:cs.CL?'],
    ['category:LG', 'Did you mean category:cs.LG?'],
    ['code:perhaps', 'Write code:yes or code:no'],
    ['"sparse retrieval', 'has an open quotation mark'],
    ['sparse retrieval”', 'has an open quotation mark'],
    ['"', 'has an open quotation mark'],
    ['title:diffusion', 'uses title:, which is not known'],
    ['keyword:', 'has no word after keyword:'],
    ['agents category:csCL', 'Did you mean category:cs.CL?'],
    ['org:"University', 'has an open quotation mark'],
    ['…', 'contains no word'],
    ['-', 'contains no word'],
  ])('%j is refused: %s', (typed, words) => {
    expect(interestFault(typed)).toContain(words)
    expect(parseInterests(typed)).toMatchObject({ ok: false, fault: expect.stringContaining(words) })
    const { value, faults } = checkPreferences({ interests: ['agents', typed] }, DEFAULT_PREFERENCES)
    expect([value.interests, faults.map(({ field }) => field)]).toEqual([[], ['interests']])
  })

  it.each([
    'agents',
    'AI: safety',
    'C++',
    'author:Lovelace',
    'author: Mary Somerville',
    'category:cs.CL',
    'category:cs',
    'category:math-ph',
    'code:no',
    '"sparse retrieval"',
    '“sparse retrieval”',
    '-robots',
    '日本語',
    'org:"University of Owls"',
    'keyword:diffusion',
    'agents category:cs.CL code:yes',
    'author:"Ada Lovelace" -robots',
  ])('%j is saved', (typed) => {
    expect(interestFault(typed)).toBeNull()
  })

  it('does not prevent other changes if it was saved before', () => {
    const old = { ...DEFAULT_PREFERENCES, interests: ['author:', 'agents'] }
    expect(checkPreferences({ interests: ['author:'], hour: '6' }, old)).toMatchObject({
      faults: [],
      value: { interests: ['author:'], deliveryHour: 6 },
    })
  })

  it('is checked without failing, whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) =>
        [null, 'string'].includes(interestFault(typed) === null ? null : 'string'),
      ),
    )
  })
})
