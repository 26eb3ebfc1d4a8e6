import { type Installation, type InstallationOptions, install, type Servers } from './installation.ts'

/** The installations of several benches. Setting one up takes seconds, so benches with equal lists share it. */
export class Installations {
  readonly #known = new Map<string, Installation>()

  get size(): number {
    return this.#known.size
  }

  async take(servers: Servers, list: InstallationOptions): Promise<Installation> {
    const key = JSON.stringify(Object.entries(list).sort())
    const at = this.#known.get(key) ?? (await install(servers, list))
    this.#known.set(key, at)
    return at
  }

  async close(): Promise<void> {
    for (const at of this.#known.values()) await at.close()
    this.#known.clear()
  }
}
