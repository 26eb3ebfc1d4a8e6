import type { SourceReport } from '../../domain/edition.ts'

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
