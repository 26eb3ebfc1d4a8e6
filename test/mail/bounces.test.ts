import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createLetterMarks } from '../../src/letter-mark.ts'
import { readBounceMail } from '../../src/mail/bounces.ts'
import { createTokens } from '../../src/token.ts'
import { BOUNCE_MAILS, complaintMail, plainMail } from '../support/bounce-mails.ts'

const marksOf = (secret: string) => createLetterMarks(createTokens([secret]), 'bounces@papers.example.org')
const marks = marksOf('a secret of the tests that is long enough')
const LETTER = { kind: 'delivery', id: '42' } as const
const OURS = marks.returnPath(LETTER) ?? ''
const THEIRS = marksOf('a secret of somebody else, long enough').returnPath(LETTER) ?? ''
const read = (raw: string) => readBounceMail(Buffer.from(raw), marks)

describe('a mail to the bounce address', () => {
  it.each(BOUNCE_MAILS)('from $system says $says', async ({ says, raw }) => {
    const finding = await read(raw(OURS))
    expect(finding).toMatchObject({ kind: 'report', says, letter: LETTER })
    if (finding.kind === 'report') {
      expect(finding.reason).toMatch(/[45]\.\d+\.\d+/)
      expect(finding.reason).not.toMatch(/@/)
      expect(finding.messageId).toMatch(/^<.+>$/)
    }
  })

  it.each(BOUNCE_MAILS)('from $system does nothing when its address was made up', async ({ raw }) => {
    for (const to of [THEIRS, OURS.replace(/.@/, '7@').replace('+d', '+d1'), 'bounces@papers.example.org'])
      expect((await read(raw(to))).kind).toBe('ignored')
  })

  it('is a complaint when it is one, by its envelope or by the letter that it returns', async () => {
    const complained = { kind: 'report', says: 'complained', letter: LETTER }
    expect(await read(complaintMail(OURS))).toMatchObject(complained)
    expect(await read(complaintMail(OURS, { named: false }))).toMatchObject(complained)
    expect(await read(complaintMail('x@example.org', { to: OURS.toUpperCase() }))).toMatchObject(complained)
    expect((await read(complaintMail(THEIRS))).kind).toBe('ignored')
  })

  it.each(['not-spam', 'virus', 'fraud', 'other', 'opt-out-list'])('is no complaint when it says %s', async (type) => {
    expect((await read(complaintMail(OURS, { type }))).kind).toBe('ignored')
  })

  it.each<[string, string[]]>([
    ['an answer of somebody on holiday', ['Subject: Out of office', 'Auto-Submitted: auto-replied']],
    ['a person’s own words', ['Subject: Thank you for the papers']],
    ['words that only look like a report', ['Subject: Undelivered Mail Returned to Sender']],
    ['an automatic wish to leave', [`Subject: unsubscribe ${'x'.repeat(40)}`, 'Auto-Submitted: auto-generated']],
    ['a wish to leave without a token', ['Subject: unsubscribe']],
  ])('%s is passed over', async (_what, head) => {
    expect((await read(plainMail(OURS, head))).kind).toBe('ignored')
  })

  it.each(['unsubscribe TOKEN', 'Unsubscribe  TOKEN ', 'unsubscribe:TOKEN'])(
    '“%s” is a wish to leave',
    async (subject) => {
      const token = createTokens(['a secret of the tests that is long enough']).seal('unsubscribe', '7')
      const mail = plainMail('bounces@papers.example.org', [`Subject: ${subject.replace('TOKEN', token)}`])
      expect(await read(mail)).toEqual({ kind: 'leave', token })
    },
  )

  it('that tells of success, or of nothing, is no bounce', async () => {
    const [postfix] = BOUNCE_MAILS
    const raw = postfix?.raw(OURS) ?? ''
    for (const action of ['delivered', 'relayed', 'expanded', ''])
      expect((await read(raw.replace('Action: failed', `Action: ${action}`))).kind).toBe('ignored')
  })

  it('of any bytes at all is read without an error', async () => {
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...BOUNCE_MAILS), fc.nat(), fc.string(), async ({ raw }, place, junk) => {
        const whole = raw(OURS)
        const at = place % whole.length
        const finding = await read(whole.slice(0, at) + junk + whole.slice(at + junk.length))
        expect(['report', 'ignored', 'leave']).toContain(finding.kind)
        if (finding.kind === 'report') expect(finding.letter).toEqual(LETTER)
      }),
      { numRuns: 200 },
    )
  })
})
