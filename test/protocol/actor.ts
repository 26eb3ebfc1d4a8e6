/** A point where a story waits until the explorer continues it. */
export type Gate = (name: string) => Promise<void>

/**
 * Stories of one process that share groups. The explorer moves them from gate to gate, one at a time. Stories that are not
 * moved again have crashed at their gates.
 */
export class Actor {
  readonly name: string
  ended = false
  readonly #waiting: { readonly gate: string; readonly goOn: () => void }[] = []
  readonly #quiet: () => Promise<void>

  private constructor(name: string, quiet: () => Promise<void>) {
    this.name = name
    this.#quiet = quiet
  }

  /** Begins a story and waits until it stands at its first gate, or has ended. `quiet` resolves when nothing runs any more. */
  static async begin(name: string, story: (gate: Gate) => Promise<void>, quiet: () => Promise<void>): Promise<Actor> {
    const actor = new Actor(name, quiet)
    const end = () => {
      actor.ended = true
    }
    story((gate) => new Promise((goOn) => actor.#waiting.push({ gate, goOn }))).then(end, end)
    await quiet()
    return actor
  }

  get at(): string {
    return this.#waiting[0]?.gate ?? 'begun'
  }

  async step(): Promise<void> {
    this.#waiting.shift()?.goOn()
    await this.#quiet()
  }
}

/** Counts the running calls of stores, so that a path does not depend on how fast the database answers. */
export class Activity {
  #running = 0

  /** Returns the same object with counted methods. */
  count<T extends object>(store: T): T {
    const counted = Object.entries(store).map(([name, method]) => [
      name,
      typeof method === 'function' ? (...args: unknown[]) => this.run(() => method(...args)) : method,
    ])
    return Object.fromEntries(counted)
  }

  async run<T>(call: () => Promise<T>): Promise<T> {
    this.#running += 1
    try {
      return await call()
    } finally {
      this.#running -= 1
    }
  }

  /** Resolves when no call runs and every promise that could go on has done so. */
  async quiet(): Promise<void> {
    for (let turns = 0; turns < QUIET_TURNS; turns += 1) {
      await new Promise((resolve) => setImmediate(resolve))
      if (this.#running > 0) turns = 0
    }
  }
}

/** A group begins one turn of the event loop after its first call. */
const QUIET_TURNS = 4
