import { EDITION_OPEN_HOURS, PUBLISH_RETRY_MS } from '../../../config/limits.ts'
import { type Day, isOverEverywhere } from '../../domain/day.ts'
import type { SourceReport } from '../../domain/edition.ts'
import type { AwaitedList } from '../../pipeline/publish.ts'

/** Tells for each source how many papers it found, how many the edition has, and why the others are left out. */
export function describeReports(reports: readonly SourceReport[]): string[] {
  return reports.flatMap((report) => {
    const { source, outcome, note } = report
    if (outcome === 'failed') return [`${source} failed: ${note}`]
    if (outcome === 'empty') return [`${source}: ${describeNote(note)}`]
    return [
      ...describeFound(report),
      ...(report.missing == null ? [] : [`  not all of its list could be read: ${report.missing}`]),
      ...(report.votesMissing === true ? ['  its votes could not be read, where its last list had some'] : []),
      ...(note === null ? [] : [`  ${note}`]),
      ...(report.dropped > 0
        ? [`${source}: ${report.dropped} items left out`, ...report.reasons.map((reason) => `  ${reason}`)]
        : []),
    ]
  })
}

function describeFound({ source, found, shown, late = 0, leftOut = [] }: SourceReport): string[] {
  if (found === undefined || shown === undefined) return []
  const fromBefore = late === 0 ? '' : `, ${late} of them from earlier lists, to which they came late`
  return [
    `${source}: ${found} found, ${shown} in the edition${fromBefore}`,
    ...(leftOut.length === 0 ? [] : [`  left out: ${leftOut.map(({ why, papers }) => `${papers} ${why}`).join(', ')}`]),
  ]
}

/** Why a source gave nothing. */
export function describeNote(note: string | null): string {
  return note === 'not-open' ? 'no list yet' : (note ?? 'nothing')
}

/** That a day's list is still to come, when it is asked for next, and when it will be known that there is none. */
export function describeAwaited({ day, askedAt, reason }: AwaitedList, now: Date): string {
  const asked = `The edition of ${day} is not there yet (${reason}). Its list was asked for at ${clock(askedAt, day)}`
  if (isOverEverywhere(day, now)) return `${asked} last; the day is over.`
  const next = new Date(askedAt.getTime() + PUBLISH_RETRY_MS)
  const over = new Date(Date.parse(`${day}T00:00:00Z`) + EDITION_OPEN_HOURS * 3_600_000)
  const when =
    now.getTime() - next.getTime() > PUBLISH_RETRY_MS
      ? 'and not since: is a scheduler running, and a worker?'
      : `and is asked for again at ${clock(next, day)}, every ${PUBLISH_RETRY_MS / 60_000} minutes until ${clock(over, day)}.`
  return `${asked}, ${when}`
}

/** `10:20 UTC`, with its day where it is another. */
function clock(at: Date, day: Day): string {
  const iso = at.toISOString()
  return `${iso.slice(0, 10) === day ? '' : `${iso.slice(0, 10)} `}${iso.slice(11, 16)} UTC`
}
