/** Something the operator can mend: bad usage, bad configuration, a server that is not there. */
export class UserError extends Error {
  /** Every finding, each a sentence that says what is wrong and what to do. */
  readonly findings: readonly string[]
  /** 2: wrong usage or configuration, nothing was started. 1: the work itself failed. */
  readonly exitCode: 1 | 2

  constructor(findings: string | readonly string[], exitCode: 1 | 2 = 1) {
    const all = typeof findings === 'string' ? [findings] : findings
    super(all.join('\n'))
    this.name = 'Fault'
    this.findings = all
    this.exitCode = exitCode
  }
}

/** A Fault after which something stays open that nobody can close, so that the process must be ended. */
export class FatalFault extends UserError {}

/** Wrong usage or configuration: exit code 2. */
export function usageError(findings: string | readonly string[]): UserError {
  return new UserError(findings, 2)
}
