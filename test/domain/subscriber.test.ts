import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { checkAddress } from '../../src/domain/subscriber.ts'

describe('an address', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    ['  Ada.Lovelace+papers@Example.ORG ', 'ada.lovelace+papers@example.org'],
    ['ada@bücher.example', 'ada@xn--bcher-kva.example'],
    ['ada@डाटा.भारत', 'ada@xn--c2bd1gb.xn--h2brj9c'],
    ["o'neill@example.co.uk", "o'neill@example.co.uk"],
  ])('%s is kept as typed and known as %s', (typed, key) => {
    expect(checkAddress(typed)).toEqual({ ok: true, email: typed.trim(), key })
  })

  it.each([
    [''],
    ['ada'],
    ['ada@'],
    ['@example.org'],
    ['ada@localhost'],
    ['a@x.org, b@y.org'],
    ['a@x.org;b@y.org'],
    ['"ada lovelace"@example.org'],
    ['Ada <ada@example.org>'],
    ['ada(comment)@example.org'],
    ['ada@example.org\r\nBcc: b@y.org'],
    ['ada\u0000@example.org'],
    ['ada\u202e@example.org'],
    ['.ada@example.org'],
    ['a..b@example.org'],
    ['ada@-example.org'],
    ['ada@example..org'],
    ['ada@[127.0.0.1]'],
    ['ada@127.0.0.1'],
    ['a@b@example.org'],
    [`${'a'.repeat(65)}@example.org`],
    [`ada@${'a.'.repeat(130)}org`],
    ['ada@ex%61mple.org'],
    ['ada@example.org/path'],
    ['ada@example.org?x'],
    ['ada@example。org'],
    ['ada@exa_mple.org'],
    ['ada\u0301@example.org '.replace('ada', '')],
    [`ada@${'ü'.repeat(60)}.${'ü'.repeat(60)}.${'ü'.repeat(60)}.org`],
  ])('refuses %p and says why', (typed) => {
    const check = checkAddress(typed)
    expect(check.ok).toBe(false)
    expect(check.ok ? '' : check.reason).toMatch(/\w{3}/)
  })

  it.each([
    ['a@x.org, b@y.org', 'single one'],
    ['"ada"@example.org', 'quotation marks'],
    ['ada@[127.0.0.1]', 'not a number'],
    ['ada lovelace@example.org', 'blank'],
    ['ada@localhost', 'no dot'],
    ['a..b@example.org', 'dot'],
    ['a|(b)@example.org', 'comment'],
    ['käthe@example.org', 'not every mail server'],
    ['संपर्क@example.org', 'not every mail server'],
  ])('says of %p what is wrong', (typed, words) => {
    const check = checkAddress(typed)
    expect(check.ok ? '' : check.reason).toContain(words)
  })

  it('typed with a letter and its accent apart is the same address', () => {
    expect(checkAddress('ada@bu\u0308cher.example')).toEqual(checkAddress('ada@b\u00fccher.example'))
  })
})

it('an address in capitals is valid if it is in small letters, with the same key and fault', () => {
  const part = fc.string({ unit: fc.constantFrom(...'abz09.-_+ @xn'), maxLength: 12 })
  const label = fc.oneof(
    fc.string({ unit: fc.constantFrom(...'ab0-'), minLength: 1, maxLength: 65 }),
    fc.constantFrom('xn--a', 'a'.repeat(64)),
  )
  const address = fc.oneof(
    fc.tuple(part, part, part).map(([local, domain, top]) => `${local}@${domain}.${top}`),
    fc
      .tuple(label, label, fc.constantFrom('org', 'o', '0x7f', '1', 'xn--bcher-kva', 'xn--a'))
      .map(([local, domain, top]) => `${local}@${domain}.${top}`),
  )
  fc.assert(
    fc.property(address, (small) => {
      const keyOrFault = (typed: string) => {
        const check = checkAddress(typed)
        return check.ok ? check.key : check.reason.toLowerCase()
      }
      expect(keyOrFault(small.toUpperCase())).toBe(keyOrFault(small))
    }),
    { numRuns: 2_000 },
  )
})
