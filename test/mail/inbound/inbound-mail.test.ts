import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import {
  INBOUND_FIELD_CHARS_MAX,
  INBOUND_HEAD_BYTES_MAX,
  INBOUND_SIGNATURES_MAX,
} from '../../../config/limits-inbound.ts'
import { classifyRawMail, readInboundMail } from '../../../src/mail/inbound/inbound-mail.ts'
import { leavesOf, readPart } from '../../../src/mail/inbound/part.ts'
import { createVerp, verpSignature } from '../../../src/mail/verp.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { createTokens } from '../../../src/security/tokens.ts'
import { BOUNCE_MAILS } from '../../support/corpora/bounce-mails.ts'
import { complaintMail, plainMail } from '../../support/corpora/mail-builders.ts'
import { RETURNED_MAILS } from '../../support/corpora/returned-mails.ts'

const SECRET = 'a secret of the tests that is long enough'
const tokens = createTokens([SECRET])
const verpOf = (secret: string) => createVerp(createTokens([secret]), 'bounces@papers.example.org')
const verp = verpOf(SECRET)
const MESSAGE = { kind: 'delivery', id: '42' } as const
const OURS = verp.returnPath(MESSAGE) ?? ''
const THEIRS = verpOf('a secret of somebody else, long enough').returnPath(MESSAGE) ?? ''
const signatures = { verp, subscriberOf: (token: string) => tokens.verify('unsubscribe', token) }
const read = (raw: string | Buffer) => readInboundMail(Buffer.from(raw), signatures)
const about = { kind: 'message', message: MESSAGE }

const FOLDER = join(PACKAGE_ROOT, 'test/mail/inbound/bounces')
const fileOf = (name: string) => readFileSync(join(FOLDER, name))
const EXPECTED = readFileSync(join(FOLDER, 'expected.csv'), 'utf8')
  .trim()
  .split('\n')
  .slice(1)
  .map((line) => {
    const [file = '', verdict = '', ...why] = line.split(',')
    return { file, verdict, why: why.join(',') }
  })

describe('a returned mail, classified alone', () => {
  it.each(EXPECTED)('$file is $verdict: $why', ({ file, verdict }) => {
    expect(classifyRawMail(fileOf(file)).verdict).toBe(verdict)
  })

  it.each(RETURNED_MAILS)('$kind is $verdict', ({ verdict, raw }) => {
    const judgement = classifyRawMail(Buffer.from(raw))
    expect(judgement.verdict).toBe(verdict)
    expect(judgement.reason).not.toMatch(/@/)
  })

  it.each(RETURNED_MAILS)(
    '$kind is classified by the words of the mail system, not those of the returned message',
    ({ verdict, raw }) => {
      const other = raw
        .replaceAll('no such user', 'the mailbox')
        .replace(/^Subject: 550 5\.1\.1 .*$/m, 'Subject: papers')
      expect(classifyRawMail(Buffer.from(other)).verdict).toBe(verdict)
    },
  )
})

describe('a mail to the bounce address', () => {
  it.each(BOUNCE_MAILS)('from $system says $event', ({ event, raw }) => {
    const finding = read(raw(OURS))
    expect(finding).toMatchObject({ kind: 'report', event, about })
    if (finding.kind === 'report') {
      expect(finding.reason).toMatch(event === 'delayed' ? /^delayed: / : /[45]\.\d+\.\d+/)
      expect(finding.reason).not.toMatch(/@/)
      expect(finding.messageId).toMatch(/^<.+>$/)
    }
  })

  it.each(BOUNCE_MAILS)('from $system does nothing when its address was made up', ({ raw }) => {
    for (const to of [THEIRS, OURS.replace(/.@/, '7@').replace('+d', '+d1'), 'bounces@papers.example.org'])
      expect(read(raw(to)).kind).toBe('ignored')
  })

  it('is found by its envelope or by the returned message', () => {
    const complained = { kind: 'report', event: 'complained', about }
    expect(read(complaintMail(OURS))).toMatchObject(complained)
    expect(read(complaintMail(OURS, { named: false }))).toMatchObject(complained)
    expect(read(complaintMail('x@example.org', { to: OURS.toUpperCase() }))).toMatchObject(complained)
    expect(read(complaintMail(THEIRS)).kind).toBe('ignored')
  })

  it.each(['not-spam', 'virus', 'fraud', 'other', 'opt-out-list'])('is not a complaint when its type is %s', (type) => {
    expect(read(complaintMail(OURS, { type })).kind).toBe('ignored')
  })

  it.each<[string, string[]]>([
    ['an answer of somebody on holiday', ['Subject: Out of office', 'Auto-Submitted: auto-replied']],
    ['an automatic wish to leave', [`Subject: unsubscribe ${'x'.repeat(40)}`, 'Auto-Submitted: auto-generated']],
  ])('%s is ignored', (_what, head) => {
    expect(read(plainMail(OURS, head)).kind).toBe('ignored')
  })

  it.each<[string, string[]]>([
    ['a person’s own words', ['Subject: Thank you for the papers']],
    ['words that only look like a report', ['Subject: Undelivered Mail Returned to Sender']],
    ['a wish to leave without a token', ['Subject: unsubscribe']],
  ])('%s is counted as not understood, because it has our signed id', (_what, head) => {
    expect(read(plainMail(OURS, head))).toMatchObject({ kind: 'not-understood', about })
    expect(read(plainMail('bounces@papers.example.org', head)).kind).toBe('ignored')
  })

  it.each(['unsubscribe TOKEN', 'Unsubscribe  TOKEN ', 'unsubscribe:TOKEN'])(
    '“%s” is an unsubscribe request',
    (subject) => {
      const token = tokens.sign('unsubscribe', '7')
      const mail = plainMail('bounces@papers.example.org', [`Subject: ${subject.replace('TOKEN', token)}`])
      expect(read(mail)).toEqual({ kind: 'unsubscribe', token })
    },
  )

  it('that reports success is not a bounce', () => {
    const raw = BOUNCE_MAILS[0]?.raw(OURS) ?? ''
    for (const action of ['delivered', 'relayed', 'expanded'])
      expect(read(raw.replace('Action: failed', `Action: ${action}`)).kind).toBe('ignored')
  })

  it('of any bytes is read without an error', () => {
    const mails = [...BOUNCE_MAILS.map(({ raw }) => raw(OURS)), ...RETURNED_MAILS.map(({ raw }) => raw)]
    fc.assert(
      fc.property(fc.constantFrom(...mails), fc.nat(), fc.string(), (whole, place, junk) => {
        const at = place % whole.length
        const finding = read(whole.slice(0, at) + junk + whole.slice(at + junk.length))
        expect(['report', 'ignored', 'unsubscribe', 'not-understood']).toContain(finding.kind)
        if (finding.kind === 'report') expect(finding.about).toEqual(about)
      }),
      { numRuns: 300 },
    )
    fc.assert(fc.property(fc.uint8Array({ maxLength: 3_000 }), (bytes) => read(Buffer.from(bytes)).kind !== 'report'))
  })
})

describe('a complaint finds its message', () => {
  const id = `digest.2026-03-04.42.${verpSignature(verp.sign(MESSAGE))}@papers.example.org`
  const complaint = (name: string, returned = '') =>
    fileOf(name)
      .toString()
      .replaceAll('digest-2026-03-04.17@papers.example.org', id)
      .replaceAll('bounces+MARK@bounce.example.org', 'somebody@example.net')
      .replace('List-Id:', `${returned}List-Id:`)

  it.each([
    'complaints/arf-message-id-only.eml',
    'complaints/jmrp-old.eml',
    'complaints/jmrp-new.eml',
    'complaints/arf-abuse.eml',
  ])('by the signed Message-ID alone, in %s', (name) => {
    expect(read(complaint(name))).toMatchObject({ kind: 'report', event: 'complained', about })
    expect(read(complaint(name).replaceAll('.42.', '.43.')).kind).toBe('ignored')
  })

  it('by the unsubscribe link, which names the subscriber, and the day in its Feedback-ID', () => {
    const token = tokens.sign('unsubscribe', '7')
    // Some servers fold a field inside the address.
    const fields = `List-Unsubscribe: <https://papers.example.org/unsubscribe/${token.slice(0, 20)}\n ${token.slice(20)}>\nFeedback-ID: 2026-03-04:daily:digest:papers\n`
    const raw = complaint('complaints/jmrp-new.eml', fields).replaceAll(id, 'x@example.org')
    expect(read(raw)).toMatchObject({
      event: 'complained',
      about: { kind: 'subscriber', subscriberId: '7', day: '2026-03-04' },
    })
    expect(read(raw.replace('papers.example.org/unsubscribe/', 'papers.example.org/unsubscribe/x')).kind).toBe(
      'ignored',
    )
  })

  it('by no unsigned value, such as a Feedback-ID or an old Message-ID', () => {
    const old = complaint('complaints/arf-message-id-only.eml', 'Feedback-ID: 2026-03-04:daily:digest:papers\n')
    expect(read(old.replaceAll(id, 'digest.2026-03-04.42@papers.example.org')).kind).toBe('ignored')
  })
})

describe('a mail that is made to cost time', () => {
  const bounce = Buffer.from(BOUNCE_MAILS[0]?.raw('x@example.org').replace(/^To:.*\r\n/m, '') ?? '')
  const addresses = (separator: string) =>
    Buffer.from(
      `To: ${`bounces+d1aaaaaaaaaaaaaaaa@papers.example.org,${separator}`.repeat(1_000_000)}x@example.org\r\n`,
    )

  it.each([
    ['on one line', ' '],
    ['on a line each', '\r\n '],
  ])('a To: with a million addresses %s is read in part, and the report after it completely', (_how, separator) => {
    let scanned = 0
    let verified = 0
    const counting = createVerp(
      {
        ...tokens,
        verifyVerp: () => {
          verified += 1
          return false
        },
      },
      'bounces@papers.example.org',
    )
    const watched = {
      find: (text: string) => {
        scanned += text.length
        return counting.find(text)
      },
      findMessageId: (text: string) => {
        scanned += text.length
        return counting.findMessageId(text)
      },
    }
    const raw = Buffer.concat([addresses(separator), bounce])
    expect(raw.length).toBeGreaterThan(40_000_000)
    expect(classifyRawMail(raw).verdict).toBe('permanent')
    expect(readInboundMail(raw, { ...signatures, verp: watched }).kind).toBe('ignored')
    expect(scanned).toBeLessThan(10 * INBOUND_FIELD_CHARS_MAX)
    expect(verified).toBeLessThanOrEqual(INBOUND_SIGNATURES_MAX)
    const kept = readPart(raw).fields.reduce((sum, { name, value }) => sum + name.length + value.length, 0)
    expect(kept).toBeLessThan(INBOUND_HEAD_BYTES_MAX)
  })

  it('a mail of a hundred thousand parts, nested or not, has a bounded number of parts', () => {
    const many = `Content-Type: multipart/mixed; boundary=b\n\n${'--b\n\nx\n'.repeat(100_000)}`
    expect(leavesOf(readPart(Buffer.from(many))).length).toBeLessThanOrEqual(100)
    const deep = Array.from({ length: 500 }, (_, n) => `--b${n}\nContent-Type: multipart/mixed; boundary=b${n + 1}\n\n`)
    const nested = `Content-Type: multipart/mixed; boundary=b0\n\n${deep.join('')}`
    expect(leavesOf(readPart(Buffer.from(nested))).length).toBeLessThanOrEqual(100)
  })
})
