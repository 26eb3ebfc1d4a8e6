import type { NextDigest } from '../domain/schedule/next-digest.ts'
import { longDay } from './digest/view-model.ts'
import { cleanLine } from './escape.ts'

/** Returns one sentence on when the next digest comes. Pages and messages share it. */
export function describeNextDigest(next: NextDigest, timezone: string): string {
  switch (next.kind) {
    case 'soon':
      return 'Your next digest is on its way. It arrives within minutes.'
    case 'held':
      return 'Your next digest is ready. It is sent as soon as it is released.'
    case 'queued':
      return 'Your next digest is in a queue: our sending domain is new, so we send only a limited number of emails each day.'
    case 'from': {
      const hour = `${String(next.hour).padStart(2, '0')}:00 (${cleanLine(timezone)})`
      return `Your next digest comes on ${longDay(next.day)}, after ${hour}, or on the next day that has papers for you.`
    }
  }
}
