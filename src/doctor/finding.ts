/** What one check found. `remedy` says what to do; null when there is nothing to do. */
export interface Finding {
  readonly severity: 'ok' | 'warning' | 'error'
  /** The check, in a word or two: `SPF`, `DKIM`, `database`. */
  readonly check: string
  readonly text: string
  readonly remedy: string | null
}

export function ok(check: string, text: string): Finding {
  return { severity: 'ok', check, text, remedy: null }
}

export function warning(check: string, text: string, remedy: string): Finding {
  return { severity: 'warning', check, text, remedy }
}

export function error(check: string, text: string, remedy: string): Finding {
  return { severity: 'error', check, text, remedy }
}
