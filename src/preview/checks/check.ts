/** `fault`: must not be sent. `warning`: visible to some recipients. `note`: for information. */
export type Severity = 'fault' | 'warning' | 'note'

export interface CheckFinding {
  readonly severity: Severity
  readonly words: string
  /** Lines or values with the problem. Only the first are shown. */
  readonly where?: readonly string[]
}

/** The result of one check of a mail. `absent`: it could not run here, with the reason. */
export type Check = {
  readonly id: string
  readonly title: string
} & (
  | { readonly kind: 'done'; readonly summary: string; readonly findings: readonly CheckFinding[] }
  | { readonly kind: 'absent'; readonly reason: string }
)

export function done(id: string, title: string, findings: readonly CheckFinding[], summary: string): Check {
  return { id, title, kind: 'done', findings, summary }
}

/** Counts the findings of all checks by severity. */
export function countFindings(checks: readonly Check[]): Readonly<Record<Severity, number>> {
  const counts = { fault: 0, warning: 0, note: 0 }
  for (const check of checks)
    if (check.kind === 'done') for (const { severity } of check.findings) counts[severity] += 1
  return counts
}
