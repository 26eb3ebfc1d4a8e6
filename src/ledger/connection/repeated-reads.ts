import type {
  CompiledQuery,
  DatabaseConnection,
  Driver,
  PostgresDialectConfig,
  QueryCompiler,
  QueryResult,
  TransactionSettings,
} from 'kysely'
import { PostgresDialect, PostgresDriver } from 'kysely'
import { retryWhileUnavailable } from './reconnecting-pool.ts'

/**
 * Kysely's PostgreSQL dialect, which repeats a read-only statement when its connection is lost, outside of transactions. Other
 * statements fail, because only their caller knows whether they can be repeated.
 */
export class RepeatingDialect extends PostgresDialect {
  readonly #config: PostgresDialectConfig

  constructor(config: PostgresDialectConfig) {
    super(config)
    this.#config = config
  }

  override createDriver(): Driver {
    return new RepeatingDriver(new PostgresDriver(this.#config))
  }
}

class RepeatingDriver implements Driver {
  constructor(private readonly inner: Required<Driver>) {}

  init(): Promise<void> {
    return this.inner.init()
  }

  async acquireConnection(): Promise<RepeatingConnection> {
    return new RepeatingConnection(this.inner, await this.inner.acquireConnection())
  }

  beginTransaction(connection: RepeatingConnection, settings: TransactionSettings): Promise<void> {
    connection.inTransaction = true
    return this.inner.beginTransaction(connection.current, settings)
  }

  async commitTransaction(connection: RepeatingConnection): Promise<void> {
    await this.inner.commitTransaction(connection.current)
    connection.inTransaction = false
  }

  async rollbackTransaction(connection: RepeatingConnection): Promise<void> {
    await this.inner.rollbackTransaction(connection.current)
    connection.inTransaction = false
  }

  savepoint(connection: RepeatingConnection, name: string, compile: QueryCompiler['compileQuery']): Promise<void> {
    return this.inner.savepoint(connection.current, name, compile)
  }

  rollbackToSavepoint(
    connection: RepeatingConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    return this.inner.rollbackToSavepoint(connection.current, name, compile)
  }

  releaseSavepoint(
    connection: RepeatingConnection,
    name: string,
    compile: QueryCompiler['compileQuery'],
  ): Promise<void> {
    return this.inner.releaseSavepoint(connection.current, name, compile)
  }

  releaseConnection(connection: RepeatingConnection): Promise<void> {
    return connection.release()
  }

  destroy(): Promise<void> {
    return this.inner.destroy()
  }
}

class RepeatingConnection implements DatabaseConnection {
  inTransaction = false
  private held: DatabaseConnection | null

  constructor(
    private readonly driver: Driver,
    held: DatabaseConnection,
  ) {
    this.held = held
  }

  get current(): DatabaseConnection {
    if (this.held === null) throw new Error('Connection terminated, and no other could be had')
    return this.held
  }

  async executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    if (this.inTransaction || !onlyReads(query.sql)) return this.current.executeQuery(query)
    let isFirst = true
    return retryWhileUnavailable(async () => {
      if (!isFirst) await this.replace()
      isFirst = false
      return this.current.executeQuery(query)
    })
  }

  streamQuery<R>(query: CompiledQuery, chunkSize: number): AsyncIterableIterator<QueryResult<R>> {
    return this.current.streamQuery(query, chunkSize)
  }

  async release(): Promise<void> {
    const { held } = this
    this.held = null
    if (held !== null) await this.driver.releaseConnection(held)
  }

  private async replace(): Promise<void> {
    await this.release()
    this.held = await this.driver.acquireConnection()
  }
}

/** Returns whether a statement is certainly read-only. A writing keyword in a string counts as writing. */
export function onlyReads(statement: string): boolean {
  return /^\s*(?:with|select|show)\b/i.test(statement) && !WRITES.test(statement)
}

const WRITES = /\b(?:insert|update|delete|merge|share|into|nextval|setval|set_config|pg_notify|pg_\w*lock\w*)\b/i
