import { day } from '../../../src/domain/day.ts'
import { DELIVERY_STATES, type DeliveryState } from '../../../src/domain/delivery.ts'
import {
  type EditionFacts,
  type SendFacts,
  type SendState,
  sendStateOf,
} from '../../../src/pipeline/state/send-state.ts'
import { waitingOf } from '../../support/sending/waiting.ts'

export const DAY = day('2026-11-24')
export const NOW = new Date('2026-11-24T09:00:00Z')
export const at = (time: string) => new Date(`2026-11-24T${time}:00Z`)

type Counts = Partial<Record<DeliveryState, number>>

/** The facts of an edition that was published at 06:00 UTC; what a test cares about is given. */
export function editionOf(counts: Counts, over: Partial<EditionFacts> = {}): EditionFacts {
  const all = Object.fromEntries(DELIVERY_STATES.map((state) => [state, counts[state] ?? 0])) as EditionFacts['counts']
  return {
    at: NOW,
    state: 'published',
    reason: null,
    publishedAt: at('06:00'),
    sending: 'running',
    needsApproval: false,
    approvedAt: null,
    canary: 'none',
    canaryPercent: 0,
    canaryMinutes: 30,
    canarySentAt: null,
    bouncePercentMax: 3,
    complaintPercentMax: 0.3,
    candidates: Object.values(all).reduce((sum, count) => sum + count, 0),
    counts: all,
    postponed: 0,
    settledLately: 0,
    firstSettledAt: null,
    ...over,
  }
}

export function factsOf(over: Partial<SendFacts>): SendFacts {
  return { day: DAY, at: NOW, edition: null, awaited: null, waiting: [], ahead: [], steered: null, ...over }
}

/** The state of an edition with these facts. */
export function stateOf(over: Partial<SendFacts>): SendState {
  return sendStateOf(factsOf(over))
}

const BERLIN = { timezone: 'Europe/Berlin', hour: 8, count: 281, canary: 0 } // 07:00 UTC.
const LATER = { timezone: 'America/New_York', hour: 7, count: 40, canary: 0 } // 12:00 UTC.
const EVENING = { timezone: 'UTC', hour: 18, count: 91, canary: 0 }
const ADA = { who: 'ada', at: at('08:42'), byCanary: false }
const CANARY = { canary: 'waiting', canaryPercent: 5, canarySentAt: at('08:45') } as const

/** Facts of every state, in the order of a morning. docs/runbook/states.md quotes their sentences. */
export const EXAMPLES: readonly (readonly [kind: SendState['kind'], facts: Partial<SendFacts>])[] = [
  ['not-published', {}],
  [
    'collecting',
    {
      awaited: {
        day: DAY,
        since: at('06:00'),
        askedAt: at('08:50'),
        sources: ['huggingface'],
        reason: 'huggingface: no list yet',
      },
    },
  ],
  ['no-papers', { edition: editionOf({}, { state: 'empty', reason: 'weekend' }) }],
  ['waits-for-approval', { edition: editionOf({}, { needsApproval: true }), ahead: [BERLIN, LATER, EVENING] }],
  [
    'canary',
    {
      edition: editionOf({ sent: 12, queued: 8 }, { canary: 'sending', canaryPercent: 5 }),
      ahead: [BERLIN, LATER],
    },
  ],
  ['canary', { edition: editionOf({ sent: 20 }, CANARY), ahead: [BERLIN, LATER] }],
  [
    'sending',
    {
      edition: editionOf({ sent: 120, queued: 281 }, { settledLately: 120, firstSettledAt: at('08:59') }),
    },
  ],
  ['paused', { edition: editionOf({ sent: 120, queued: 281 }, { sending: 'paused' }), steered: ADA }],
  [
    'paused',
    {
      edition: editionOf({ sent: 18, bounced: 2 }, { sending: 'paused', canary: 'stopped' }),
      steered: { who: 'paperround', at: at('08:42'), byCanary: true },
    },
  ],
  [
    'held-by-provider',
    {
      edition: editionOf({ sent: 120, queued: 281 }),
      waiting: [
        waitingOf({
          why: 'transport-paused',
          kind: 'quota',
          transport: 'resend',
          count: 281,
          reason: 'Resend: daily_quota_exceeded 429: You have reached your daily email sending quota.',
          since: at('08:50'),
          nextTryAt: at('09:50'),
        }),
      ],
    },
  ],
  ['waits-for-hours', { edition: editionOf({ sent: 281 }), ahead: [LATER, EVENING] }],
  ['finished', { edition: editionOf({ sent: 1, delivered: 400 }) }],
  ['finished', { edition: editionOf({ delivered: 398, refused: 2, uncertain: 1 }) }],
  ['cancelled', { edition: editionOf({ sent: 120, skipped: 281 }, { sending: 'cancelled' }), steered: ADA }],
]
