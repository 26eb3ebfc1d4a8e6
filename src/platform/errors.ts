/** An error that the operator can fix: wrong usage, wrong configuration, a server that is not reachable. */
export class UserError extends Error {
  /** Sentences that say what is wrong and what to do. */
  readonly findings: readonly string[]
  /** 2: wrong usage or configuration, and nothing was started. 1: the work itself failed. */
  readonly exitCode: 1 | 2

  constructor(findings: string | readonly string[], exitCode: 1 | 2 = 1) {
    const all = typeof findings === 'string' ? [findings] : findings
    super(all.join('\n'))
    this.name = 'UserError'
    this.findings = all
    this.exitCode = exitCode
  }
}

/** An error after which a resource stays open that cannot be closed, so the process must be ended. */
export class FatalError extends UserError {}

/** A signal ended a command before its work was done. The exit code then names the signal. */
export class InterruptedError extends UserError {}

/** Returns an error of wrong usage or configuration (exit code 2). */
export function usageError(findings: string | readonly string[]): UserError {
  return new UserError(findings, 2)
}
