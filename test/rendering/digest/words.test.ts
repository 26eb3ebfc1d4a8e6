import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { wrap } from '../../../src/rendering/wrap.ts'

describe('wrapped text', () => {
  it('keeps every word, and breaks only scripts without spaces', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('a', 'paper', '研究の方法', 'x'.repeat(90), 'é'), { minLength: 1 }),
        (words) => {
          const text = words.join(' ')
          const wrapped = wrap(text, 5)
          expect(wrapped.replace(/\s+/g, '')).toBe(text.replace(/\s+/g, ''))
          for (const line of wrapped.split('\n').slice(1)) expect(line).toMatch(/^ {5}\S/)
          for (const line of wrapped.split('\n'))
            if (!line.includes('xxx')) expect(line.trim().length).toBeLessThanOrEqual(71)
        },
      ),
    )
  })

  it('counts two columns for a wide character', () => {
    expect(wrap('研'.repeat(100)).split('\n')[0]).toHaveLength(38)
  })
})
