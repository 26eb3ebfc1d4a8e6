import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { clientAddressOf, networkOf, wideNetworkOf } from '../../src/security/client-ip.ts'
import { isLargeProvider, mailboxKey, providerOf } from '../../src/subscriptions/mailbox.ts'

describe('a mailbox', () => {
  it.each([
    ['ada@gmail.com', ['a.d.a@gmail.com', 'ADA@GMail.com', 'ada+x@googlemail.com', 'a.da+x+y@gmail.com']],
    ['ada@outlook.com', ['Ada+papers@outlook.com']],
    ['ada@icloud.com', ['ada+x@me.com', 'ada@mac.com']],
    ['adalovelace@proton.me', ['ada.lovelace@protonmail.com', 'ada-love_lace+x@pm.me']],
    ['ada@fastmail.com', ['ada+x@fastmail.com', 'anything@ada.fastmail.com', 'other+y@ada.fastmail.com']],
    ['ada@yahoo.com', ['ada-shopping@yahoo.com', 'ada+x@yahoo.com']],
    ['ada.lovelace@yandex.ru', ['ada-lovelace@ya.ru', 'ada.lovelace+x@yandex.com']],
    ['ada@example.org', ['ada+anything@example.org', 'ADA@Example.ORG']],
    ['ada@xn--bcher-kva.example', ['ada+x@bücher.example', 'ADA@BÜCHER.example']],
  ])('%s is the same mailbox in every spelling', (mailbox, spellings) => {
    expect([mailbox, ...spellings].map(mailboxKey)).toEqual([mailbox, ...spellings].map(() => mailbox))
  })

  it.each([
    ['dots elsewhere', 'a.da@example.org', 'ada@example.org'],
    ['dots at Outlook', 'a.da@outlook.com', 'ada@outlook.com'],
    ['a hyphen in a name', 'jean-luc@example.org', 'jean@example.org'],
    ['names at two providers', 'ada@yahoo.com', 'ada@ymail.com'],
    ['Yahoo Japan, which is another company', 'ada-x@yahoo.co.jp', 'ada@yahoo.co.jp'],
    ['sub-domains elsewhere', 'x@ada.example.org', 'ada@example.org'],
    ['a name that begins with the sign', '+x@example.org', '+y@example.org'],
  ])('is another one by %s', (_what, one, other) => {
    expect(mailboxKey(one)).not.toBe(mailboxKey(other))
  })

  it('does not change when it is normalised again', () => {
    const local = fc.stringMatching(/^[a-z0-9+._=-]{1,20}$/)
    const domain = fc.constantFrom('gmail.com', 'pm.me', 'x.fastmail.fm', 'yahoo.de', 'ya.ru', 'me.com', 'cs.ox.ac.uk')
    fc.assert(
      fc.property(local, domain, (name, at) => {
        const key = mailboxKey(`${name}@${at}`)
        expect(mailboxKey(key)).toBe(key)
      }),
    )
  })

  it.each([
    ['googlemail.com', 'gmail.com', true],
    ['hotmail.co.uk', 'outlook.com', true],
    ['live.com', 'outlook.com', true],
    ['ymail.com', 'yahoo.com', true],
    ['ada.fastmail.com', 'fastmail.com', true],
    ['cs.ox.ac.uk', 'ox.ac.uk', false],
    ['s1.s2.catchall.example', 'catchall.example', false],
    ['student.uni-wien.ac.at', 'uni-wien.ac.at', false],
    ['hotmail.attacker.example', 'attacker.example', false],
  ])('at %s counts for %s', (domain, provider, large) => {
    expect([providerOf(domain), isLargeProvider(providerOf(domain))]).toEqual([provider, large])
  })
})

describe('a visitor', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
    ['::ffff:192.0.2.7', '192.0.2.7', '192.0.2.0/24'],
    ['::ffff:c000:207', '192.0.2.7', '192.0.2.0/24'],
    ['0:0:0:0:0:FFFF:C000:0207', '192.0.2.7', '192.0.2.0/24'],
    ['64:ff9b::192.0.2.33', '192.0.2.33', '192.0.2.0/24'],
    ['64:ff9b:0:0:1::192.0.2.33', '64:ff9b:0:0::/64', '64:ff9b:0::/48'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64', '2001:db8:1::/48'],
    ['2001:DB8:1:ffff::', '2001:db8:1:ffff::/64', '2001:db8:1::/48'],
    ['::1', '0:0:0:0::/64', '0:0:0::/48'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64', 'fe80:0:0::/48'],
    ['unknown, or worse\r\n', 'unknown', 'unknown'],
    ['', 'unknown', 'unknown'],
  ])('from %p counts as %s, and with %s', (ip, network, wide) => {
    expect([networkOf(ip), wideNetworkOf(ip)]).toEqual([network, wide])
  })

  it('is written as a database takes it', () => {
    expect(['::ffff:192.0.2.7', '::ffff:c000:207', 'fe80::1%eth0', '999.1.1.1'].map(clientAddressOf)).toEqual([
      '192.0.2.7',
      '192.0.2.7',
      'fe80::1',
      null,
    ])
  })
})
