import { describe, expect, it } from '@jest/globals'
import { durationOption } from '../../../src/cli/output/duration.ts'
import { createTerminal, fold } from '../../../src/cli/output/terminal.ts'
import { createWaitingReporter } from '../../../src/cli/output/waiting-reporter.ts'
import { describeGivenUp } from '../../../src/cli/output/words.ts'
import { day } from '../../../src/domain/day.ts'
import { describeWaiting, timeOf, type Waiting } from '../../../src/pipeline/alerts/waiting.ts'
import { waitingOf } from '../../support/sending/waiting.ts'

const NOW = new Date('2026-11-24T08:01:30Z')
const TOMORROW = new Date('2026-11-25T06:00:00Z')
const paused = (over: Partial<Waiting>) =>
  waitingOf({ why: 'transport-paused', transport: 'resend', reason: 'Resend: words of its own', ...over })

describe('the explanation of waiting messages', () => {
  it.each<[string, Partial<Waiting>, string]>([
    [
      'a greylisting server',
      { until: TOMORROW },
      '12 digests wait since 08:00 UTC, deferred: SMTP: 450 4.2.0 Greylisted, try again later. Next try at 08:06 UTC, at the latest until 06:00 UTC tomorrow.',
    ],
    [
      'one digest, of several reasons, which is due',
      { count: 1, reason: null, nextTryAt: NOW },
      '1 digest waits since 08:00 UTC, deferred for several reasons. Next try now.',
    ],
    [
      'calls without an answer',
      { why: 'unanswered', transport: 'resend', reason: 'Resend: socket hang up', until: TOMORROW },
      '12 digests wait since 08:00 UTC, not answered by resend: Resend: socket hang up. Only the same call is repeated, so nobody gets two. Next try at 08:06 UTC, at the latest until 06:00 UTC tomorrow; then they are uncertain.',
    ],
    [
      'a key that lives for ever',
      { why: 'unanswered', transport: 'outbox', reason: null, count: 1 },
      '1 digest waits since 08:00 UTC, not answered by outbox for several reasons. Only the same call is repeated, so nobody gets two. Next try at 08:06 UTC.',
    ],
    [
      'a paused edition',
      { why: 'edition-paused', day: day('2026-11-24'), nextTryAt: null },
      '12 digests wait since 08:00 UTC, because the edition of 2026-11-24 is paused. Continue it with: paperround resume --date 2026-11-24',
    ],
    [
      'a confirmation that a server defers',
      { mail: 'transactional', count: 1 },
      '1 transactional email waits since 08:00 UTC, deferred: SMTP: 450 4.2.0 Greylisted, try again later. Next try at 08:06 UTC.',
    ],
    [
      'confirmations behind a paused transport',
      paused({ kind: 'down', mail: 'transactional', count: 2 }),
      '2 transactional emails wait since 08:00 UTC for resend, which is paused: Resend: words of its own. Next try at 08:06 UTC.',
    ],
    [
      'a rate limit',
      paused({ kind: 'rate' }),
      'resend is paused since 08:00 UTC: Resend: words of its own. 12 digests wait. Next try at 08:06 UTC. It resumes automatically.',
    ],
    [
      'a quota',
      paused({ kind: 'quota', nextTryAt: TOMORROW }),
      'resend is paused since 08:00 UTC: Resend: words of its own. 12 digests wait. Next try at 06:00 UTC tomorrow. It resumes automatically when the limit resets. If you raise the limit, run `paperround resume`.',
    ],
    [
      'a server that is down while another sends',
      paused({ kind: 'down', count: 0, takenOverBy: 'smtp' }),
      'resend is paused since 08:00 UTC: Resend: words of its own. Meanwhile smtp sends. Next try at 08:06 UTC. `paperround doctor` checks it now. It is retried automatically.',
    ],
    [
      'a provider that rejects us',
      paused({ kind: 'sender' }),
      'resend is paused since 08:00 UTC: Resend: words of its own. 12 digests wait. Next try at 08:06 UTC. The provider rejects the sender, so no subscriber is rejected. Do what the provider asks for. Then run `paperround resume`; it is also retried automatically.',
    ],
    [
      'a provider that rejects us for a cause that has a remedy, which is not shown as its words',
      paused({
        kind: 'sender',
        reason: 'Verify the domain of MAIL_FROM. (Resend: validation_error 403: not verified.)',
      }),
      'resend is paused since 08:00 UTC: Resend: validation_error 403: not verified. 12 digests wait. Next try at 08:06 UTC. The provider rejects the sender, so no subscriber is rejected. Verify the domain of MAIL_FROM. Then run `paperround resume`; it is also retried automatically.',
    ],
    [
      'a server that is down, with a remedy, in words that were cut',
      paused({
        kind: 'down',
        reason: 'The server is full; the program tries again. (SMTP: 421 4.3.2 too many…',
        count: 0,
      }),
      'resend is paused since 08:00 UTC: SMTP: 421 4.3.2 too many…. Next try at 08:06 UTC. The server is full; the program tries again.',
    ],
  ])('%s', (_what, over, words) => {
    expect(describeWaiting(waitingOf(over), NOW)).toBe(words)
  })

  it.each([
    ['2026-11-24T23:59:59Z', '23:59 UTC'],
    ['2026-11-25T00:00:00Z', '00:00 UTC tomorrow'],
    ['2026-11-26T00:00:00Z', '2026-11-26 00:00 UTC'],
    ['2026-11-23T22:00:00Z', '2026-11-23 22:00 UTC'],
  ])('the time %s cannot be mistaken', (at, words) => {
    expect(timeOf(new Date(at), NOW)).toBe(words)
  })
})

describe('a command that waits', () => {
  it('says why when the reason changes, at most once a minute, and nothing about a short wait', () => {
    let now = NOW.getTime()
    const said: string[] = []
    const transactional = createWaitingReporter(
      (lines) => void said.push(`${(now - NOW.getTime()) / 1_000} s: ${lines.length} ${lines[0]?.slice(0, 9)}`),
      () => new Date(now),
    )
    const at = (seconds: number, ...waiting: Waiting[]) => {
      now = NOW.getTime() + seconds * 1_000
      transactional.show(waiting)
    }
    at(0, paused({ kind: 'rate', nextTryAt: new Date(NOW.getTime() + 4_000) }))
    at(1, waitingOf())
    at(2, waitingOf())
    at(3, waitingOf({ count: 13 }))
    at(62, waitingOf({ count: 14 }))
    at(130, waitingOf({ count: 14 }))
    at(131)
    at(200, waitingOf({ count: 14 }), waitingOf({ count: 2, reason: 'SMTP: 452 4.3.1 full' }))
    expect(said).toEqual(['1 s: 1 12 digest', '62 s: 1 14 digest', '200 s: 2 14 digest'])
  })

  it.each([
    ['90s', 90_000],
    ['10m', 600_000],
    ['2h', 7_200_000],
  ])('takes %s for a duration', (text, ms) => {
    expect(durationOption('--give-up-after', text)).toBe(ms)
  })

  it.each(['', '10', 'm', '0m', '-5m', '1.5h', '10 minutes', '1d', '9999999h'])(
    'does not take “%s” for one',
    (text) => {
      expect(() => durationOption('--give-up-after', text)).toThrow(/is not a duration\. .*such as 90s, 10m or 2h/)
    },
  )

  it.each([
    [600_000, 1, 'Gave up waiting after 10 min: 1 delivery is left. It stays in the queue'],
    [90_000, 12, 'Gave up waiting after 90 s: 12 deliveries are left. They stay in the queue'],
    [12 * 3_600_000, 12, 'Gave up waiting after 12 h: 12 deliveries'],
  ])('that gives up after %s ms says how many are left', (ms, open, words) => {
    expect(describeGivenUp(ms, open)).toContain(words)
  })

  it('writes it above the progress bar, and the bar continues below', () => {
    const written: string[] = []
    const stream = { isTTY: true, columns: 40, on() {}, write: (text: string) => written.push(text) }
    const terminal = createTerminal(stream as unknown as NodeJS.WriteStream, stream as unknown as NodeJS.WriteStream)
    const progress = terminal.progress('Edition 2026-11-24', 15)
    progress.update(3, 15, '3 sent')
    progress.say(['12 digests wait since 08:00 UTC, deferred: SMTP: 450 4.2.0 Greylisted'])
    progress.stop()
    const text = written.join('')
    const [before = '', after = ''] = text.split(
      '12 digests wait since 08:00 UTC,\ndeferred: SMTP: 450 4.2.0 Greylisted\n',
    )
    expect(before).not.toContain('Greylisted')
    expect(after).toMatch(/Edition 2026-11-24 .*3\/15 · 3 sent/)
  })

  it('wraps it between words, at the width of the terminal', () => {
    expect(fold('12 digests wait since yesterday', 12)).toEqual(['12 digests', 'wait since', 'yesterday'])
    expect(fold('an-unbreakable-word is long', 8)).toEqual(['an-unbreakable-word', 'is long'])
  })
})
