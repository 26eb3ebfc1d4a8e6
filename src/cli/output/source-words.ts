import { EDITION_OPEN_HOURS, PUBLISH_RETRY_MS } from '../../../config/limits.ts'
import { type Day, isOverEverywhere } from '../../domain/day.ts'
import type { SourceReport } from '../../domain/edition.ts'
import type { AwaitedList } from '../../pipeline/publish.ts'

/** Returns lines that say for each source how many papers it found, how many are in the edition, and why others are not. */
export function describeReports(reports: readonly SourceReport[]): string[] {
  return reports.flatMap((report) => {
    const { source, outcome, note } = report
    if (outcome === 'failed') return [`${source} failed: ${note}`]
    if (outcome === 'empty') return [`${source}: ${describeNote(note)}`]
    return [
      ...describeFound(report),
      ...(report.missing == null ? [] : [`  part of its list could not be read: ${report.missing}`]),
      ...(report.votesMissing === true ? ['  its votes could not be read, although its last list had some'] : []),
      ...(note === null ? [] : [`  ${note}`]),
      ...(report.dropped > 0
        ? [
            `${source}: ${report.dropped} ${report.dropped === 1 ? 'item' : 'items'} left out`,
            ...report.reasons.map((reason) => `  ${reason}`),
          ]
        : []),
    ]
  })
}

function describeFound({ source, found, shown, late = 0, leftOut = [] }: SourceReport): string[] {
  if (found === undefined || shown === undefined) return []
  const fromBefore = late === 0 ? '' : `, ${late} of them added late to earlier lists`
  return [
    `${source}: ${found} found, ${shown} in the edition${fromBefore}`,
    ...(leftOut.length === 0 ? [] : [`  left out: ${leftOut.map(({ why, papers }) => `${papers} ${why}`).join(', ')}`]),
  ]
}

/** Returns why a source found nothing. */
export function describeNote(note: string | null): string {
  return note === 'not-open' ? 'no list yet' : (note ?? 'nothing')
}

/** Says that a day's list is not published yet, when it is requested again, and until when. */
export function describeAwaited({ day, askedAt, reason }: AwaitedList, now: Date): string {
  const asked = `The edition of ${day} does not exist yet (${reason}). Its list was last requested at ${clock(askedAt, day)}`
  if (isOverEverywhere(day, now)) return `${asked}; the day is over.`
  const next = new Date(askedAt.getTime() + PUBLISH_RETRY_MS)
  const over = new Date(Date.parse(`${day}T00:00:00Z`) + EDITION_OPEN_HOURS * 3_600_000)
  const when =
    now.getTime() - next.getTime() > PUBLISH_RETRY_MS
      ? 'The next request is late: are a scheduler and a worker running?'
      : `It is requested again at ${clock(next, day)}, and then every ${PUBLISH_RETRY_MS / 60_000} minutes until ${clock(over, day)}.`
  return `${asked}. ${when}`
}

/** `10:20 UTC`, preceded by the date if it is not `day`. */
function clock(at: Date, day: Day): string {
  const iso = at.toISOString()
  return `${iso.slice(0, 10) === day ? '' : `${iso.slice(0, 10)} `}${iso.slice(11, 16)} UTC`
}
