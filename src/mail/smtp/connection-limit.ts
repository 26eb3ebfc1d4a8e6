/** How many connections to one server this process may have. It adapts to what the server admits. */
export interface ConnectionLimit {
  /** The number of connections that may be open or opening now. */
  readonly allowed: () => number
  /** Whether the server admitted fewer than the maximum lately. */
  readonly isReduced: () => boolean
  /** Names the present limit: a refusal counts once for all connections that were begun under one limit. */
  readonly round: () => number
  /** Records that a connection was opened; `open` counts it. */
  readonly opened: (open: number) => void
  /** Records that a connection begun in `round` was refused while `open` others were open. */
  readonly refused: (round: number, open: number) => void
  /** Forgets all refusals: the cause had nothing to do with the number. */
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
 * Starts at `max`, halves at a refusal, and grows by one in each `growMs` without a refusal. It is never below one, and never
 * below what the server has admitted at the same time: those connections are the proof.
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
