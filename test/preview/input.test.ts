import { describe, expect, it } from '@jest/globals'
import { checkEdit } from '../../src/preview/templates/input.ts'

// V8 words its errors differently in each version of Node, and gives a position only with some. CI runs this on Node 20 and 24.
describe('the JSON editor names the line of a fault', () => {
  it.each([
    ['a bare word', '{\n "a": 1,\n "b": x\n}', 3],
    ['a misspelt word', `{\n "a": "${'long '.repeat(20)}",\n "b": nul,\n "c": 2\n}`, 3],
    ['a missing comma', '{\n "a": 1\n "b": 2\n}', 3],
    ['a comma too many', '{\n "a": [\n 1,,\n 2]\n}', 3],
    ['a comma before the end', '{\n "a": 1,\n}', 3],
    ['a missing quotation mark', '{\n "a": "x,\n "b": 2\n}', 2],
    ['a bracket too many', '{"a":1}\n\n}', 3],
    ['a word that was cut off', '{\n"a":\ntru', 3],
    ['a missing bracket', '{\n"a": {\n"b": 1\n', 4],
    ['an empty text', '', 1],
  ])('%s', (_what, text, line) => {
    const checked = checkEdit(text, 'digest')
    expect(checked).toEqual({ ok: false, reason: expect.stringContaining(`(line ${line}).`) })
    expect(JSON.stringify(checked).match(/line \d/g)).toHaveLength(1)
    expect(JSON.stringify(checked)).not.toContain('position')
  })
})
