import type pg from 'pg'

const ROUNDS = 12 // A busy pooler may give one connection the same session several times in a row.

/**
 * Returns whether a pooler runs the statements of one connection in several sessions, as PgBouncer does in transaction mode.
 * Session state does not last there: settings, `LISTEN`, advisory locks. Without such a pooler, each of two connections has its
 * own session. They ask for it both at once and in turn, because an idle pooler gives both the same session, and one with round
 * robin gives them different ones.
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
