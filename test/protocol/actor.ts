/** A point where a story waits until the explorer continues it. */
export type Gate = (name: string) => Promise<void>

/**
 * One story in one process. The explorer moves it from gate to gate. A story that is not moved again has crashed at its
 * gate.
 */
export class Actor {
  readonly name: string
  at = 'begun'
  ended = false
  #goOn = () => {}
  #arrived = () => {}

  private constructor(name: string) {
    this.name = name
  }

  /** Begins a story and waits until it stands at its first gate, or has ended. */
  static async begin(name: string, story: (gate: Gate) => Promise<void>): Promise<Actor> {
    const actor = new Actor(name)
    const arrived = actor.#standing()
    const end = () => {
      actor.ended = true
      actor.#arrived()
    }
    story((gate) => actor.#stand(gate)).then(end, end)
    await arrived
    return actor
  }

  async step(): Promise<void> {
    const arrived = this.#standing()
    this.#goOn()
    await arrived
  }

  #standing(): Promise<void> {
    return new Promise((resolve) => {
      this.#arrived = resolve
    })
  }

  #stand(gate: string): Promise<void> {
    return new Promise((resolve) => {
      this.at = gate
      this.#goOn = resolve
      this.#arrived()
    })
  }
}
