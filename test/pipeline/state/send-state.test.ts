import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { SEND_STATES, type SendFacts, type SendState } from '../../../src/pipeline/state/send-state.ts'
import { describeState } from '../../../src/pipeline/state/state-words.ts'
import { aheadOf } from '../../../src/pipeline/state/subscribers-ahead.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { waitingOf } from '../../support/sending/waiting.ts'
import { at, DAY, EXAMPLES, editionOf, NOW, stateOf } from './facts.ts'

const said = (facts: Partial<SendFacts>) => describeState(stateOf(facts), facts.at ?? NOW)
const noon = [{ timezone: 'UTC', hour: 12, count: 3, canary: 0 }]
const paused = waitingOf({ why: 'transport-paused', kind: 'down', transport: 'smtp', count: 4, nextTryAt: at('09:01') })

describe('the runbook', () => {
  const page = readFileSync(join(PACKAGE_ROOT, 'docs/runbook/states.md'), 'utf8')
  const quoted = [...page.matchAll(/^```text\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) => block.trim().split('\n'))

  it('quotes the sentence of every state, in the words that the program uses', () => {
    expect(quoted).toEqual(EXAMPLES.map(([, facts]) => said(facts)))
  })

  it('names every state as scripts see it', () => {
    expect(EXAMPLES.map(([, facts]) => stateOf(facts).kind)).toEqual(EXAMPLES.map(([kind]) => kind))
    expect(new Set(EXAMPLES.map(([kind]) => kind))).toEqual(new Set(SEND_STATES))
    expect(SEND_STATES.filter((kind) => !page.includes(`\`${kind}\``))).toEqual([])
  })
})

describe('the state of an edition', () => {
  it.each<[string, Partial<SendFacts>, SendState['kind'], RegExp]>([
    [
      'asks failed sources again until the day is over',
      { edition: editionOf({}, { state: 'failed', reason: 'huggingface: status 503' }) },
      'collecting',
      /does not exist yet \(huggingface: status 503\)/,
    ],
    [
      'has no papers when all sources failed and the day is over',
      {
        edition: editionOf({}, { state: 'failed', reason: 'huggingface: status 503' }),
        at: new Date('2026-11-25T12:00:00Z'),
      },
      'no-papers',
      /huggingface: status 503\./,
    ],
    [
      'sends to weekly subscribers on a day without papers',
      { edition: editionOf({ queued: 3 }, { state: 'empty', reason: 'weekend' }) },
      'sending',
      /0 of 3 digests are done/,
    ],
    [
      'says that an approval comes too late for everybody',
      {
        edition: editionOf({}, { needsApproval: true }),
        ahead: noon,
        at: new Date('2026-11-25T00:00:00Z'),
      },
      'waits-for-approval',
      /Nobody would get it now/,
    ],
    [
      'names subscribers who get the last edition on a day without a list, though its own day is over',
      {
        edition: editionOf({}, { needsApproval: true }),
        ahead: [{ timezone: 'UTC', hour: null, count: 2, canary: 0 }],
        at: new Date('2026-11-25T10:00:00Z'),
      },
      'waits-for-approval',
      /2 subscribers get it after that\. Approve it at \/admin, or with `paperround approve --date 2026-11-24`\.$/,
    ],
    [
      'is paused before it waits for approval',
      { edition: editionOf({}, { needsApproval: true, sending: 'paused' }) },
      'paused',
      /Paused by an operator\. /,
    ],
    [
      'is an operator’s pause after a canary that stopped, was resumed, and was paused again',
      {
        edition: editionOf({ sent: 2 }, { canary: 'stopped', sending: 'paused' }),
        steered: { who: 'bob', at: at('08:00'), byCanary: false },
      },
      'paused',
      /Paused by bob at 08:00 UTC/,
    ],
    [
      'is held only when no digest can be sent',
      { edition: editionOf({ queued: 5 }), waiting: [paused] },
      'sending',
      /0 of 5/,
    ],
    [
      'is held while its canary is held',
      { edition: editionOf({ queued: 4 }, { canary: 'sending', canaryPercent: 5 }), waiting: [paused] },
      'held-by-provider',
      /smtp is paused since/,
    ],
    [
      'is not held by a pause for the rate, which is a part of sending',
      { edition: editionOf({ queued: 4 }), waiting: [{ ...paused, kind: 'rate' }] },
      'sending',
      /0 of 4/,
    ],
    [
      'is held by the receiving servers when they defer all that is left',
      {
        edition: editionOf({ sent: 9, queued: 1 }),
        waiting: [waitingOf({ count: 1, reason: 'SMTP: 450 Greylisted' })],
      },
      'held-by-provider',
      /9 of 10 digests are done, and all others wait\. 1 digest waits since .* deferred: SMTP: 450 Greylisted/,
    ],
    [
      'waits for hours before the first digest',
      { edition: editionOf({}), ahead: noon },
      'waits-for-hours',
      /Nothing is sent yet\. 3 subscribers wait for their delivery hour\. It comes at 12:00 UTC\./,
    ],
    [
      'names failures while others wait for their hour',
      { edition: editionOf({ sent: 5, refused: 2 }), ahead: noon },
      'waits-for-hours',
      /5 digests are sent, 2 rejected\./,
    ],
    [
      'counts subscribers who are due and have no delivery yet',
      { edition: editionOf({}), ahead: [{ timezone: 'UTC', hour: 6, count: 7, canary: 0 }] },
      'sending',
      /7 more subscribers are due now/,
    ],
    [
      'is finished although the warm-up postponed subscribers',
      {
        edition: editionOf({ sent: 10 }, { postponed: 20 }),
        ahead: [{ timezone: 'UTC', hour: 6, count: 20, canary: 0 }],
      },
      'finished',
      /10 of 10 digests sent\. 20 subscribers were postponed by the warm-up limit\./,
    ],
    ['is finished when nobody was due', { edition: editionOf({}) }, 'finished', /No subscriber was due\./],
    [
      'does not say that everybody has it when digests bounced',
      { edition: editionOf({ delivered: 9, bounced: 1 }) },
      'finished',
      /finished with failures\. 10 of 10 digests sent, 1 bounced\. Not everybody has it\./,
    ],
    [
      'does not say that everybody has it when digests were skipped',
      { edition: editionOf({ delivered: 9, skipped: 1 }) },
      'finished',
      /finished\. 9 of 10 digests sent, 1 skipped\.$/,
    ],
  ])('%s', (_what, facts, kind, words) => {
    expect(stateOf(facts).kind).toBe(kind)
    expect(said(facts)).toMatch(words)
  })
})

describe('subscribers who wait for their hour', () => {
  it('are due at the same moment as dispatch means, also when clocks change', () => {
    const group = (timezone: string, hour: number) => [{ timezone, hour, count: 1, canary: 0 }]
    const next = (timezone: string, hour: number, of: typeof DAY, from: string) =>
      aheadOf(group(timezone, hour), { day: of, at: new Date(from) }).later[0]?.at.toISOString()
    expect(next('Asia/Kolkata', 8, DAY, '2026-11-23T20:00:00Z')).toBe('2026-11-24T02:30:00.000Z')
    const spring = '2026-03-29' as typeof DAY // Berlin has no 02:00.
    expect(next('Europe/Berlin', 2, spring, '2026-03-29T00:00:00Z')).toBe('2026-03-29T01:00:00.000Z')
    expect(next('Europe/Berlin', 8, spring, '2026-03-29T00:00:00Z')).toBe('2026-03-29T06:00:00.000Z')
    const autumn = '2026-10-25' as typeof DAY // Berlin has 02:00 twice.
    expect(next('Europe/Berlin', 8, autumn, '2026-10-24T22:00:00Z')).toBe('2026-10-25T07:00:00.000Z')
  })

  it('are counted once: as due, as later, or not at all when their day is over', () => {
    const groups = [
      { timezone: 'Pacific/Kiritimati', hour: 6, count: 1, canary: 0 },
      { timezone: 'UTC', hour: 9, count: 2, canary: 1 },
      { timezone: 'Europe/London', hour: 12, count: 4, canary: 1 },
      { timezone: 'UTC', hour: 12, count: 8, canary: 0 },
      { timezone: 'UTC', hour: 13, count: 16, canary: 1 },
      { timezone: 'America/New_York', hour: null, count: 32, canary: 0 },
    ]
    expect(aheadOf(groups, { day: DAY, at: at('11:00') })).toEqual({
      now: { at: at('11:00'), subscribers: 34, canary: 1 },
      later: [
        { at: at('12:00'), subscribers: 12, canary: 1 },
        { at: at('13:00'), subscribers: 16, canary: 1 },
      ],
      firstDayEndsAt: new Date('2026-11-25T00:00:00Z'),
    })
  })
})
