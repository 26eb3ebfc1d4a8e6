import { describe, expect, it } from '@jest/globals'
import { formulasIn, mathematicsOf } from '../../src/text/latex/mathematics.ts'

describe('a formula', () => {
  it.each([
    ['a bound of $O(n^2)$ steps', ['O(n^2)']],
    ['\\(x\\) and \\[y\\]', ['x', 'y']],
    ['it costs $5, not $\\alpha$', ['\\alpha']],
    ['from $5 to $10 a month', []],
    ['$ x $ is money', []],
    ['$ x$ is money', []],
    ['US$5 or A$10', []],
    ['$5\\$ more', []],
    ['a lone $ sign', []],
    ['no sign at all', []],
  ])('differs from money: %s', (text, wanted) => {
    expect(formulasIn(text).map(({ tex }) => tex)).toEqual(wanted)
  })

  it('is the only reason why a paper keeps its LaTeX', () => {
    expect(mathematicsOf('Of $x$', 'Words')).toEqual({ latex: { title: 'Of $x$', abstract: 'Words' } })
    expect(mathematicsOf('Of $5', 'Words')).toEqual({})
    expect(mathematicsOf('Of $x$', 'x'.repeat(7_000))).toEqual({})
  })
})
