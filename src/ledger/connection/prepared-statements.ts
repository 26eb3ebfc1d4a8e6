import { createHash } from 'node:crypto'
import type { PostgresPool, PostgresPoolClient } from 'kysely'
import {
  PLAN_USES_MAX,
  PREPARED_AFTER_USES,
  PREPARED_STATEMENTS_MAX,
  STATEMENTS_COUNTED_MAX,
} from '../../../config/limits-processes.ts'

/**
 * Names the statements that a process repeats, so that each session of PostgreSQL parses and plans them once. Planning over the
 * partitions of two years takes longer than most statements. It is off until `start`, because the embedded database has one
 * session for all clients, and a pooler in transaction mode changes the session between statements.
 */
export class PreparedStatements {
  private isOn = false
  private readonly uses = new Map<string, number>()
  private readonly names = new Map<string, string>()
  /** Part of each name. Statements are prepared again after it changes. */
  private generation = 1

  start(): void {
    this.isOn = true
  }

  /** Returns the name for a statement, or null if it is not repeated often enough. */
  nameOf(text: string): string | null {
    if (!this.isOn) return null
    const known = this.names.get(text)
    if (known !== undefined) return `${known}_${this.generation}`
    if (this.names.size >= PREPARED_STATEMENTS_MAX) return null
    const uses = (this.uses.get(text) ?? 0) + 1
    if (this.uses.size >= STATEMENTS_COUNTED_MAX) this.uses.clear()
    if (uses < PREPARED_AFTER_USES) this.uses.set(text, uses)
    else {
      this.uses.delete(text)
      this.names.set(text, `p${createHash('sha256').update(text).digest('hex').slice(0, 24)}`)
    }
    return null
  }

  /**
   * Looks at the error of a named statement. If the session does not know the name, an unnoticed pooler changes sessions, and no
   * statement gets a name any more. If a migration changed the columns of the result, statements are prepared again.
   */
  noteError(error: unknown): void {
    const { code = '', message = '' } = error instanceof Error ? (error as Error & { readonly code?: string }) : {}
    if (NAME_CODES.has(code)) this.isOn = false
    else if (code === '0A000' && /cached plan/.test(message)) this.generation += 1
  }

  /** Returns a pool whose clients name their statements. */
  prepare(pool: PostgresPool): PostgresPool {
    // Kysely recognizes a connection by its client, so each client has one wrapper.
    const wrappers = new WeakMap<PostgresPoolClient, PostgresPoolClient>()
    return {
      end: () => pool.end(),
      connect: async () => {
        const client = await pool.connect()
        const wrapper = wrappers.get(client) ?? this.wrap(client)
        wrappers.set(client, wrapper)
        return wrapper
      },
    }
  }

  private wrap(client: PostgresPoolClient): PostgresPoolClient {
    const run = client.query.bind(client) as (...given: unknown[]) => Promise<unknown>
    let uses = 0
    const query = async (text: unknown, values?: readonly unknown[]) => {
      const name = typeof text === 'string' && values !== undefined && values.length > 0 ? this.nameOf(text) : null
      if (name === null) return run(text, values)
      uses += 1
      // A plan that was made while a new partition was empty reads it as a whole, also when a morning has filled it.
      if (uses % PLAN_USES_MAX === 0) await run('discard plans')
      return run({ name, text, values }).catch((error: unknown) => {
        this.noteError(error)
        throw error
      })
    }
    // The pool gives a client another `release` each time.
    return { query: query as PostgresPoolClient['query'], release: (destroy) => client.release(destroy) }
  }
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const NAME_CODES: ReadonlySet<string> = new Set([
  '26000', // invalid_sql_statement_name
  '42P05', // duplicate_prepared_statement
])
