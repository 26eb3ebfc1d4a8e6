import type pg from 'pg'
import { openDatabase } from '../../../src/ledger/connection/database.ts'
import type { Database } from '../../../src/ledger/schema/database.ts'

interface Node {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Actual Loops': number
  readonly Plans?: readonly Node[]
}

/** A table that a plan really looked into, and how. */
export interface PlanQuery {
  readonly table: string
  readonly how: string
}

/**
 * A ledger on the same pool that has PostgreSQL explain each query, by doing it and taking it back, before it is done: what the
 * program asks is looked at, and not a copy of it.
 */
export function explained(pool: pg.Pool): { readonly db: Database; taken(): PlanQuery[] } {
  let looks: PlanQuery[] = []
  const note = (node: Node) => {
    if (node['Actual Loops'] === 0) return
    const table = node['Relation Name']
    if (table !== undefined) looks.push({ table, how: node['Node Type'] })
    for (const part of node.Plans ?? []) note(part)
  }
  const watch = (client: pg.PoolClient) => {
    let withTimeout = false
    const query = async (text: string, values?: unknown[]) => {
      const [verb = ''] = /^\w+/.exec(text.trim().toLowerCase()) ?? []
      if (['select', 'with', 'insert', 'update', 'delete'].includes(verb)) {
        await client.query(withTimeout ? 'savepoint before_plan' : 'begin')
        const { rows } = await client.query(`explain (analyze, format json) ${text}`, values)
        for (const { Plan } of rows[0]?.['QUERY PLAN'] ?? []) note(Plan)
        await client.query(withTimeout ? 'rollback to savepoint before_plan' : 'rollback')
      }
      if (verb === 'begin' || verb === 'start') withTimeout = true
      if (verb === 'commit' || verb === 'rollback') withTimeout = false
      return client.query(text, values)
    }
    return { query, release: () => client.release() }
  }
  const watched = { connect: async () => watch(await pool.connect()), end: async () => {} }
  return {
    db: openDatabase(watched as unknown as pg.Pool),
    taken() {
      const taken = looks
      looks = []
      return taken
    },
  }
}
