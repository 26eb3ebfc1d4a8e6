import { describe, expect, it } from '@jest/globals'
import { checkAddress } from '../src/subscriber.ts'

describe('an address', () => {
  it.each([
    ['ada@example.org', 'ada@example.org'],
    ['  Ada.Lovelace+papers@Example.ORG ', 'ada.lovelace+papers@example.org'],
    ['käthe@bücher.example', 'käthe@xn--bcher-kva.example'],
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
  ])('refuses %p and says why', (typed) => {
    const check = checkAddress(typed)
    expect(check.ok).toBe(false)
    expect(check.ok ? '' : check.reason).toMatch(/\w{3}/)
  })
})
