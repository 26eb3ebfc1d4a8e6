import { describe, expect, it } from '@jest/globals'
import { readReply } from '../../../src/mail/reply/reply.ts'
import { REPLIES } from '../../support/corpora/mail-replies.ts'

describe('the words of a mail server name the party at fault', () => {
  it.each(REPLIES)('%s: %s', (blame, text) => {
    expect(readReply(text)).toMatchObject({ blame })
  })

  it.each<[string, string | null, number | null]>([
    ['550 5.1.1 no such user', '5.1.1', 550],
    ['550-5.1.1 rejected, 550 5.7.1 blocked', '5.7.1', 550],
    ['5.0.0 smtp; 552 5.2.2 over quota', '5.2.2', 552],
    ['5.1.1 smtp; 554 5.7.26 no', '5.7.26', 554],
    ['Sorry, no mailbox here by that name. (#5.1.1)', '5.1.1', null],
    ['550 refused from 10.5.1.1', null, 550],
    ['no code at all, by Mailer 5.7.1.2', null, null],
  ])('%j has the codes %j and %j', (text, enhanced, basic) => {
    expect(readReply(text)).toMatchObject({ enhanced, basic })
  })

  it('reads only the maximum length of a reply', () => {
    const long = `550 ${'mailbox '.repeat(200_000)}`
    expect(readReply(`${long} user unknown`).blame).toBe('unclear')
  })
})
