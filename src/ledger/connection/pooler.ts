import type pg from 'pg'

const ROUNDS = 12 // A busy pooler may give one connection the same session some times in a row.

/**
 * Whether a pooler gives statements of one connection to several sessions of PostgreSQL, as PgBouncer does in transaction
 * mode. The state of a session does not last then: settings, `LISTEN`, advisory locks. Two connections of our own have one
 * session each, and nobody else's; it is enough to ask which. They ask together and one after the other, as a pooler that
 * is idle gives both the same session, and one that takes turns gives each another.
 */
export async function sharesSessions(pool: pg.Pool): Promise<boolean> {
  const one = await pool.connect()
  try {
    const other = await pool.connect()
    try {
      return await isShared(one, other)
    } finally {
      other.release()
    }
  } finally {
    one.release()
  }
}

async function isShared(one: pg.ClientBase, other: pg.ClientBase): Promise<boolean> {
  const own = await sessionOf(one)
  const others = await sessionOf(other)
  if (own === others || (await sessionOf(other)) !== others) return true
  for (let round = 0; round < ROUNDS; round += 1) {
    const [first, second] = await Promise.all([sessionOf(one), sessionOf(other)])
    if (first !== own || second !== others) return true
  }
  return false
}

async function sessionOf(client: pg.ClientBase): Promise<number> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  return rows[0]?.pid ?? 0
}
