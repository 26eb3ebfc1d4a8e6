import type { NextDigest } from '../domain/next-digest.ts'
import { longDay } from './digest/view-model.ts'
import { cleanLine } from './escape.ts'

/** Returns one sentence on when the next digest comes. Pages and mails all use it, so they say the same. */
export function describeNextDigest(next: NextDigest, timezone: string): string {
  switch (next.kind) {
    case 'soon':
      return 'Your next digest is on its way. It comes within minutes.'
    case 'held':
      return 'Your next digest is ready. It comes as soon as it is released.'
    case 'queued':
      return 'Your next digest comes as soon as there is room for it: our sending domain is new, so only a part of our mail goes out each day.'
    case 'from': {
      const hour = `${String(next.hour).padStart(2, '0')}:00 (${cleanLine(timezone)})`
      return `Your next digest comes on ${longDay(next.day)}, not before ${hour}, or on the first day after it that has papers for you.`
    }
  }
}
