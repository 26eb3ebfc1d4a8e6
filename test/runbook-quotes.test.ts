import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from '@jest/globals'
import { linesOf } from '../src/cli/day/status.ts'
import { describeReturned } from '../src/cli/output/returned-words.ts'
import { describeReports } from '../src/cli/output/source-words.ts'
import { describeFeedback, describeGivenUp, describeStatus, describeWarmUp } from '../src/cli/output/words.ts'
import { day } from '../src/domain/day.ts'
import { DELIVERY_STATES, type DeliveryState } from '../src/domain/delivery.ts'
import { type AlertsView, findAlerts } from '../src/pipeline/alerts/alerts.ts'
import { describeWaiting, type Waiting } from '../src/pipeline/alerts/waiting.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { editionOf, stateOf } from './pipeline/state/facts.ts'
import { waitingOf } from './support/sending/waiting.ts'

const DAY = day('2026-11-25')
const at = (time: string, on: string = DAY) => new Date(`${on}T${time}:00Z`)
const NOW = at('08:01', '2026-11-24')
type Status = Parameters<typeof describeStatus>[1]

function statusOf(counts: Partial<Record<DeliveryState, number>>, over: Partial<Status> = {}): Status {
  const all = Object.fromEntries(DELIVERY_STATES.map((state) => [state, counts[state] ?? 0])) as Status['counts']
  const total = Object.values(all).reduce((sum, count) => sum + count, 0)
  const none = { reasons: [], oldestUnsettledAt: null, firstSentAt: null, lastSentAt: null, holds: [] }
  return { counts: all, total, leftOut: 0, ...none, ...over }
}
const status = (of: string, ...args: Parameters<typeof statusOf>) => describeStatus(day(of), statusOf(...args), [], NOW)
const refused = (state: DeliveryState, count: number, reason: string) => ({ reasons: [{ state, count, reason }] })
const waits = (over: Partial<Waiting>) => describeWaiting(waitingOf(over), NOW)
const pause = { why: 'transport-paused', transport: 'resend' } as const
const feedbackOf = (sent: number, complained: number) => ({
  ...{ sent, complained, bounced: 0, softBounced: 0, complaintRate: complained / sent, bounceRate: 0 },
})

function alerts(over: Partial<AlertsView>): string[] {
  const answers = { answered: 0, refused: 0, uncertain: 0, refusedFor: null, uncertainFor: null }
  const view: AlertsView = {
    ...{ day: DAY, hour: 9, weekday: 3, state: stateOf({ edition: editionOf({}) }), voteless: [], open: 0 },
    ...{ deliveries: 400, twice: 0, unaccounted: 0, providerBlocks: [] },
    ...{ sending: { at: at('09:00'), waiting: [], answers }, ...over },
  }
  return findAlerts(view, { publishedByHour: 9, finishedByHour: 9 }).map(({ text }) => text)
}
const answers = { answered: 400, refused: 12, uncertain: 0, refusedFor: 'SMTP: 550 5.7.1 blocked', uncertainFor: null }
const late = waitingOf({ mail: 'transactional', count: 3, since: at('08:00') })
const canary = editionOf({ bounced: 2 }, { canary: 'stopped', sending: 'paused' })

const MORNING = linesOf(
  {
    ...{ day: DAY, now: at('09:00'), waiting: [], awaited: null, stars: {} as never, workers: 0, queues: {} },
    ...{ state: stateOf({ day: DAY, at: at('09:00'), edition: editionOf({ sent: 401 }) }) },
    ...{ stateOfDay: stateOf({ day: DAY, at: at('09:00'), edition: editionOf({ sent: 401 }) }) },
    edition: {
      state: 'published',
      entries: Array(13),
      reports: [
        {
          ...{ source: 'huggingface', outcome: 'listed', papers: 13, dropped: 0, reasons: [], note: null },
          ...{ found: 12, shown: 13, late: 1 },
        },
      ],
    } as never,
    status: statusOf({ sent: 401 }, { firstSentAt: at('06:00'), lastSentAt: new Date(at('06:00').getTime() + 7_667) }),
    feedback: feedbackOf(401, 0),
    returned: { notUnderstood: { count: 0, samples: [] }, blocks: [] },
  },
  { config: { mail: { warmUp: null }, github: { token: null } } } as never,
)

/** The sentences of the program, with the facts that each page assumes. */
const SAID: Readonly<Record<string, readonly string[]>> = {
  'daily.md': [
    ...MORNING,
    ...status(DAY, { sent: 10 }, { leftOut: 20 }),
    ...describeWarmUp(DAY, { start: DAY, firstDay: 10 }),
  ],
  'bounces.md': [
    ...alerts({
      state: stateOf({ day: DAY, edition: canary, steered: { who: 'x', at: at('06:12'), byCanary: true } }),
    }),
    ...status(DAY, { refused: 9 }, refused('refused', 9, 'SMTP: 550 5.1.1 no such user')),
    describeFeedback(feedbackOf(400, 2)),
    ...describeReturned({
      notUnderstood: { count: 3, samples: [] },
      blocks: [{ key: 'x', domain: 'x.org', subscribers: 12, since: at('08:01'), words: '550 5.7.1' }],
    }),
  ],
  'delays.md': [
    waits({ until: at('06:00') }),
    waits({
      ...{ ...pause, kind: 'quota', count: 388, nextTryAt: at('00:01') },
      reason: 'Resend: daily_quota_exceeded 429: You have reached your daily quota.',
    }),
    waits({
      ...{ ...pause, kind: 'down', count: 0, takenOverBy: 'smtp' },
      reason: 'Resend: connect ECONNREFUSED 127.0.0.1:443',
    }),
    waits({
      ...{ ...pause, kind: 'sender', count: 400 },
      reason:
        'Verify the domain of MAIL_FROM at resend.com/domains. (Resend: validation_error 403: The example.org domain is not verified.)',
    }),
    waits({
      ...{ why: 'unanswered', transport: 'resend', count: 40, until: at('07:00') },
      reason: 'Resend: socket hang up',
    }),
    ...alerts({ sending: { at: at('09:00'), waiting: [late], answers } }),
    describeGivenUp(600_000, 12),
  ],
  'editions.md': [
    ...alerts({
      state: stateOf({
        ...{ day: DAY, at: at('09:00') },
        awaited: {
          ...{ day: DAY, sources: ['huggingface'], reason: 'huggingface: no list yet' },
          ...{ since: at('06:00'), askedAt: at('08:50') },
        },
      }),
    }),
    ...alerts({ voteless: ['huggingface'] }),
    ...describeReports([
      {
        ...{ source: 'arxiv', outcome: 'listed', papers: 200, dropped: 0, reasons: [], note: null },
        ...{ found: 713, shown: 200 },
        leftOut: [
          { papers: 3, why: 'withdrawn' },
          { papers: 12, why: 'in another edition' },
          { papers: 498, why: 'more than an edition holds (200)' },
        ],
      },
    ]),
  ],
  'stuck.md': [
    ...status('2026-11-29', { uncertain: 30 }, refused('uncertain', 30, 'SMTP: Connection closed')),
    ...alerts({ open: 400, hour: 12 }),
    ...alerts({ unaccounted: 3, twice: 2 }),
  ],
}

/** Quotes of errors and of commands, which the tests of those hold. */
const HELD_ELSEWHERE = [
  'progress: ', // test/workers
  '2026-11-30: waits for approval.', // states.md has the same words
  'Test sent to ', // test/web/admin/editions/approve.test.ts
  'The edition of 2026-11-30 is cancelled permanently',
]

it.each(Object.entries(SAID))('the runbook quotes the program word by word in %s', (page, said) => {
  const text = readFileSync(join(PACKAGE_ROOT, 'docs/runbook', page), 'utf8')
  const quoted = [...text.matchAll(/^ *```text\n([\s\S]*?)^ *```$/gm)]
    .flatMap(([, block = '']) => block.trim().split('\n'))
    .map((line) => line.trim())
    .filter((line) => !HELD_ELSEWHERE.some((start) => line.startsWith(start)))
  expect(quoted.length).toBeGreaterThan(0)
  // An alert may go on after what is quoted.
  const isSaid = (line: string) => said.some((each) => `${each.trim()} `.startsWith(`${line} `))
  expect(quoted.filter((line) => !isSaid(line))).toEqual([])
})
