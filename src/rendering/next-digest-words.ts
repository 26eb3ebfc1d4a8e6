import type { NextDigest } from '../domain/schedule/next-digest.ts'
import { say } from '../language/language.ts'
import { longDay } from './digest/view-model.ts'
import { cleanLine } from './escape.ts'

/** Returns one sentence on when the next digest comes. Pages and messages share it. */
export function describeNextDigest(next: NextDigest, timezone: string): string {
  switch (next.kind) {
    case 'soon':
      return say('next.soon')
    case 'held':
      return say('next.held')
    case 'queued':
      return say('next.queued')
    case 'from': {
      const hour = hourWords(next.hour, timezone)
      return say('next.from', { day: longDay(next.day), hour })
    }
  }
}

/** `08:00 (Europe/Berlin)`. */
export function hourWords(hour: number, timezone: string): string {
  return say('date.hour', { hour: String(hour).padStart(2, '0'), timezone: cleanLine(timezone) })
}
