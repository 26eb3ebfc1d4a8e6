import pg from 'pg'
import { locate } from './address.ts'
import { OWN_APPLICATION_NAME } from './session.ts'

type Done = (error: Error | null) => void

/** The settings of a client without the address, which may change between two connections. */
export const EMBEDDED_LOGIN = {
  user: 'postgres',
  database: 'postgres',
  application_name: OWN_APPLICATION_NAME,
  ssl: false,
} as const

/** Returns a class of `pg` clients that look up at each connect where the owner of `dataDir` serves the database. */
export function embeddedClientOf(dataDir: string): new (config?: pg.ClientConfig) => pg.Client {
  return class extends pg.Client {
    override connect(): Promise<pg.Client>
    override connect(done: Done): void
    override connect(done?: Done): Promise<pg.Client> | undefined {
      try {
        const { host, port, password } = locate(dataDir)
        Object.assign(this, { host, port, password: password ?? '' })
      } catch (error) {
        if (done === undefined) return Promise.reject(error)
        process.nextTick(done, error as Error)
        return undefined
      }
      if (done === undefined) return super.connect()
      super.connect(done)
      return undefined
    }
  }
}
