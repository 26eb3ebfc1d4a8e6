import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { linkSubject, readLinkSubject } from '../../src/security/link-generation.ts'

describe('the subject of a link', () => {
  it('can be read back, and is only the id for generation 0', () => {
    const id = fc.bigInt({ min: 1n, max: 10n ** 18n - 1n }).map(String)
    fc.assert(
      fc.property(id, fc.integer({ min: 0, max: 2 ** 31 - 1 }), (id, generation) => {
        expect(readLinkSubject(linkSubject(id, generation))).toEqual({ id, generation })
      }),
    )
    expect(linkSubject('17', 0)).toBe('17')
  })

  it.each([null, '', '17.', '17.0', '17.01', '.1', '17.1.1', '17.-1', '17.1x', ' 17', '1e3', 'x; drop'])(
    'is none when it reads %j',
    (subject) => expect(readLinkSubject(subject)).toBeNull(),
  )
})
