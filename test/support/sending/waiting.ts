import type { Waiting } from '../../../src/pipeline/alerts/waiting.ts'

/** Digests that a server deferred at eight; what a test cares about is given. */
export function waitingOf(over: Partial<Waiting> = {}): Waiting {
  return {
    why: 'deferred',
    mail: 'digest',
    count: 12,
    transport: null,
    kind: null,
    takenOverBy: null,
    day: null,
    reason: 'SMTP: 450 4.2.0 Greylisted, try again later.',
    since: new Date('2026-11-24T08:00:00Z'),
    nextTryAt: new Date('2026-11-24T08:06:00Z'),
    until: null,
    ...over,
  }
}
