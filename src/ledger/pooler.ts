import type pg from 'pg'

const STATEMENTS = 3 // On each connection, one after the other: a pooler that takes turns among two sessions is seen too.

/**
 * Whether a pooler gives statements of one connection to several sessions of PostgreSQL, as PgBouncer does in transaction
 * mode. What a session holds does not last then: settings, `LISTEN`, advisory locks. Two connections of our own have one
 * session each, and nobody else's; it is enough to ask which.
 */
export async function sharesSessions(pool: pg.Pool): Promise<boolean> {
  const one = await pool.connect()
  try {
    const other = await pool.connect()
    try {
      const [own, others] = [await sessionsOf(one), await sessionsOf(other)]
      return own.size > 1 || others.size > 1 || [...own].some((session) => others.has(session))
    } finally {
      other.release()
    }
  } finally {
    one.release()
  }
}

async function sessionsOf(client: pg.ClientBase): Promise<Set<number>> {
  const sessions = new Set<number>()
  for (let asked = 0; asked < STATEMENTS; asked += 1) {
    const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
    if (rows[0] !== undefined) sessions.add(rows[0].pid)
  }
  return sessions
}
