/** The result of one check. `remedy` says what to do, or is null. */
export interface DoctorFinding {
  readonly severity: 'ok' | 'warning' | 'error'
  /** The check, in a word or two: `SPF`, `DKIM`, `database`. */
  readonly check: string
  readonly text: string
  readonly remedy: string | null
}

export function ok(check: string, text: string): DoctorFinding {
  return { severity: 'ok', check, text, remedy: null }
}

export function warning(check: string, text: string, remedy: string): DoctorFinding {
  return { severity: 'warning', check, text, remedy }
}

export function error(check: string, text: string, remedy: string): DoctorFinding {
  return { severity: 'error', check, text, remedy }
}
