import { describe, expect, it } from '@jest/globals'
import pg from 'pg'
import { readIntegerArray, readTextArray } from '../../../src/ledger/connection/array-text.ts'
import '../../../src/ledger/connection/database.ts'

type TypeId = Parameters<typeof pg.types.getTypeParser>[0]

// https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO
describe('the text of a PostgreSQL array', () => {
  it.each([
    ['{}', []],
    ['{robotics}', ['robotics']],
    ['{robotics,"graph neural networks",speech}', ['robotics', 'graph neural networks', 'speech']],
    ['{"",",","{}","NULL"}', ['', ',', '{}', 'NULL']],
    ['{NULL,a}', [null, 'a']],
    ['{"a \\"b\\" \\\\ c",d}', ['a "b" \\ c', 'd']],
    ['[2:3]={a,b}', ['a', 'b']],
    [
      '{{a,b},{c,d}}',
      [
        ['a', 'b'],
        ['c', 'd'],
      ],
    ],
  ])('%s is read as texts', (text, items) => {
    expect(pg.types.getTypeParser(1009 as TypeId)(text)).toEqual(items)
  })

  it.each([
    ['{}', []],
    ['{7}', [7]],
    ['{1,-2,2147483647}', [1, -2, 2147483647]],
    ['{1,NULL}', [1, null]],
    ['[0:1]={1,2}', [1, 2]],
  ])('%s is read as integers', (text, items) => {
    for (const type of [1005, 1007]) expect(pg.types.getTypeParser(type as TypeId)(text)).toEqual(items)
  })

  it('is left to the parser of pg if it has escapes, bounds, or arrays in it', () => {
    expect(['{"\\\\"}', '[2:3]={a,b}', '{{a}}'].map(readTextArray)).toEqual([null, null, null])
    expect(['{NULL}', '[0:1]={1,2}', '{{1}}'].map(readIntegerArray)).toEqual([null, null, null])
  })
})
