/** The number of connections that this process may have to one server. It adapts to what the server admits. */
export interface ConnectionLimit {
  /** The number of connections that may be open or opening now. */
  readonly allowed: () => number
  /** Whether the server admits fewer than the maximum at present. */
  readonly isReduced: () => boolean
  /** The number of reductions so far. Refusals of connections that began in the same round count once. */
  readonly round: () => number
  /** Records that a connection was opened; `open` counts it. */
  readonly opened: (open: number) => void
  /** Records that a connection begun in `round` was refused while `open` others were open. */
  readonly refused: (round: number, open: number) => void
  /** Restores the maximum, after failures whose cause was not the number of connections. */
  readonly reset: () => void
}

export interface ConnectionLimitInput {
  readonly max: number
  /** One more connection is tried after this time without a refusal. */
  readonly growMs: number
  /** Milliseconds. */
  readonly clock: () => number
}

/**
 * Creates a limit that starts at `max`, halves at a refusal, and grows by one in each `growMs` without a refusal. It is
 * never below one, and never below the number of connections that the server has admitted.
 */
export function connectionLimit({ max, growMs, clock }: ConnectionLimitInput): ConnectionLimit {
  let allowed = max
  let round = 0
  let updatedAt = 0
  const grow = () => {
    const more = Math.floor((clock() - updatedAt) / growMs)
    if (allowed === max || more < 1) return
    allowed = Math.min(max, allowed + more)
    updatedAt = clock()
  }
  return {
    allowed() {
      grow()
      return allowed
    },
    isReduced() {
      grow()
      return allowed < max
    },
    round: () => round,
    opened(open) {
      allowed = Math.max(allowed, Math.min(open, max))
    },
    refused(begunIn, open) {
      updatedAt = clock()
      if (begunIn !== round) return
      round += 1
      allowed = Math.max(1, Math.min(open, max), Math.floor(allowed / 2))
    },
    reset() {
      allowed = max
    },
  }
}
