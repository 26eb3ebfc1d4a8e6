import type { PGlite } from '@electric-sql/pglite'
import type pg from 'pg'

/** The program's own connections send this name in their start-up message. They never change the session. */
export const OWN_APPLICATION_NAME = 'paperround'

/** The session's temporary tables come last, so that a table of a guest cannot hide one of ours. */
const SEARCH_PATH = 'public, bullmq, pg_temp'
const SUPERUSER = 'postgres'
const TO_START = `set session authorization ${SUPERUSER}; reset role; reset all`

/** The settings of one client in the session that all clients of PGlite share. */
interface Settings {
  /** Names and values for `set_config`. */
  readonly values: readonly { readonly name: string; readonly value: string }[]
  readonly user: string
  readonly role: string
}

/** The objects that a client creates in the session: prepared statements, cursors, temporary tables, channels. */
type SessionObjects = ReadonlySet<string>

interface Guest {
  settings: Settings
  readonly objects: Set<string>
}

const OWN: Settings = { values: [{ name: 'search_path', value: SEARCH_PATH }], user: SUPERUSER, role: 'none' }

/**
 * The one session of PGlite, shared by the program and its guests, such as psql and pg_dump.
 *
 * Each guest has its own settings during its turns, and the program has its own: `pg_dump` empties the search path, which must
 * not affect the running service. When a guest disconnects, its objects are removed.
 */
export class EmbeddedSession {
  private readonly db: PGlite
  private readonly guests = new Map<number, Guest>()
  /** The guest in the session now, and the session as it was before; null if there is no guest. */
  private current: { readonly guest: Guest; readonly settings: Settings; readonly objects: SessionObjects } | null =
    null

  constructor(db: PGlite) {
    this.db = db
  }

  /** Prepares the session for the program. */
  async begin(): Promise<void> {
    await this.db.exec('create schema if not exists bullmq')
    await this.apply(OWN)
  }

  addGuest(id: number): void {
    this.guests.set(id, { settings: OWN, objects: new Set() })
  }

  /** Runs before a turn of `id`. A guest with an open transaction is already in the session. */
  async enter(id: number): Promise<void> {
    const guest = this.guests.get(id)
    if (guest === undefined || this.current !== null) return
    this.current = { guest, settings: await this.readSettings(), objects: await this.readObjects() }
    await this.apply(guest.settings)
  }

  /** Runs after a turn, when no transaction is open. */
  async leave(): Promise<void> {
    if (this.current === null) return
    const { guest, settings, objects } = this.current
    guest.settings = await this.readSettings().catch(() => guest.settings)
    await this.apply(settings)
    for (const each of await this.readObjects()) if (!objects.has(each)) guest.objects.add(each)
    this.current = null
  }

  /** Runs after the connection `id` ended and its transaction was rolled back. */
  async remove(id: number): Promise<void> {
    const guest = this.guests.get(id)
    this.guests.delete(id)
    if (guest === undefined) return
    if (this.current?.guest === guest) await this.leave()
    const remaining = await this.readObjects()
    const removals = [...guest.objects].filter((each) => remaining.has(each))
    // A failed removal must not prevent the others.
    for (const removal of [...removals, 'select pg_catalog.pg_advisory_unlock_all()'])
      await this.db.exec(removal).catch(() => {})
  }

  private async apply({ values, user, role }: Settings): Promise<void> {
    // Separate, because a setting decides how the following statements are parsed.
    await this.db.exec(TO_START)
    const set = values.map(({ name, value }) => `pg_catalog.set_config(${quoted(name)}, ${quoted(value)}, false)`)
    const statements = [
      ...(set.length === 0 ? [] : [`select ${set.join(', ')}`]),
      ...(user === SUPERUSER ? [] : [`set session authorization ${quoted(user)}`]),
      ...(role === 'none' ? [] : [`set role ${quoted(role)}`]),
    ]
    if (statements.length > 0) await this.db.exec(statements.join('; '))
  }

  private async readSettings(): Promise<Settings> {
    const { rows } = await this.db.query<{ user: string; role: string; values: Settings['values'] }>(SETTINGS)
    const [row] = rows
    return row ?? OWN
  }

  private async readObjects(): Promise<SessionObjects> {
    const { rows } = await this.db.query<{ removal: string }>(OBJECTS)
    return new Set(rows.map(({ removal }) => removal))
  }
}

/**
 * Repairs the session if it differs from what the program needs, because a wrong search path would fail every query.
 * @returns what was wrong; empty if nothing was.
 */
export async function resetSession(pool: pg.Pool): Promise<readonly string[]> {
  const { rows } = await pool.query<{ wrong: string }>(WRONG, [SEARCH_PATH, SUPERUSER])
  if (rows.length > 0) await pool.query(`${TO_START}; set search_path = ${SEARCH_PATH}`)
  return rows.map(({ wrong }) => wrong)
}

/** Finds wrong settings. BullMQ names its listening connections, so `application_name` may differ. */
const WRONG = `
  select name || ' = ' || setting as wrong from pg_catalog.pg_settings
  where (source = 'session' and name not in ('application_name', 'search_path')) or (name = 'search_path' and setting <> $1)
  union all
  select 'user = ' || current_user where current_user <> $2 or session_user <> $2`

/** The seed of random numbers can be set, but not read. */
const SETTINGS = `
  select session_user::text as "user", pg_catalog.current_setting('role') as role,
    coalesce(
      (select pg_catalog.json_agg(pg_catalog.json_build_object('name', name, 'value', setting))
       from pg_catalog.pg_settings where source = 'session' and name <> 'seed'), '[]'
    ) as "values"`

/** The statement that removes each object. BullMQ listens on its own channels in every process. */
const OBJECTS = `
  select pg_catalog.format('deallocate %I', name) as removal from pg_catalog.pg_prepared_statements where name <> ''
  union all
  select pg_catalog.format('close %I', name) from pg_catalog.pg_cursors where is_holdable
  union all
  select pg_catalog.format('drop %s if exists pg_temp.%I cascade', case relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, relname)
  from pg_catalog.pg_class where relnamespace = pg_catalog.pg_my_temp_schema() and relkind in ('r', 'p', 'v', 'S')
  union all
  select pg_catalog.format('unlisten %I', channel) from pg_catalog.pg_listening_channels() as channel where channel !~ '^bullmq_'`

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
