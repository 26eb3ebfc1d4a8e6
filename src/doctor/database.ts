import { DATABASE_IDLE_IN_TRANSACTION_MS } from '../../config/limits-processes.ts'
import { type DoctorFinding, error, ok, warning } from './finding.ts'

export interface DatabaseView {
  readonly version: string
  readonly embeddedIn: string | null
  /** The database's clock, and ours when its answer came. */
  readonly theirs: Date
  readonly ours: Date
  /** Zones that readers have chosen. */
  readonly zones: readonly string[]
  readonly isKnownZone: (zone: string) => boolean
  /** Zones that the preferences offer and the database does not know. */
  readonly missing: readonly string[]
  /** Readers' zones of which the database's clock will show another hour than ours within a year. */
  readonly differing: readonly string[]
}

const SKEW_NOTED_MS = 2_000
const SKEW_BAD_MS = 30_000 // A claim expires after 20 s of silence, so clocks must not differ by that much.

/** The database, and whether its clock and this machine's time zones can be relied on. */
export function checkDatabase(view: DatabaseView): DoctorFinding[] {
  const where = view.embeddedIn === null ? '' : `, embedded in ${view.embeddedIn}`
  return [
    ok('database', `${view.version}${where}; migrations are up to date.`),
    checkClock(Math.abs(view.theirs.getTime() - view.ours.getTime())),
    checkZones(view.zones.filter((zone) => !view.isKnownZone(zone))),
    ...checkTheirZones(view),
  ]
}

/** With Redis a pooler in transaction mode will do, but for one thing. Without, nothing starts (workers/app/ledger.ts). */
export function checkPooler(isPooled: boolean): DoctorFinding[] {
  if (!isPooled) return []
  return [
    warning(
      'pooler',
      'DATABASE_URL leads to a pooler in transaction mode. Settings of a session do not last there: a host that is cut off in a transaction keeps its rows locked, and migrations do not run.',
      `Let DATABASE_URL lead to PostgreSQL itself or to a pooler in session mode. Or let PostgreSQL set the limit for the role: alter role … set idle_in_transaction_session_timeout = '${DATABASE_IDLE_IN_TRANSACTION_MS / 1_000}s'.`,
    ),
  ]
}

function checkClock(skewMs: number): DoctorFinding {
  const seconds = (skewMs / 1_000).toFixed(1)
  const remedy = 'Let both machines take their time from NTP.'
  if (skewMs >= SKEW_BAD_MS)
    return error(
      'clock',
      `This machine and the database differ by ${seconds} s; claims of living workers are taken for dead.`,
      remedy,
    )
  if (skewMs >= SKEW_NOTED_MS) return warning('clock', `This machine and the database differ by ${seconds} s.`, remedy)
  return ok('clock', `This machine and the database agree to ${seconds} s.`)
}

function checkZones(unknown: readonly string[]): DoctorFinding {
  if (unknown.length === 0) return ok('time zones', 'Every time zone that readers chose is known here.')
  return error(
    'time zones',
    `Readers chose time zones that this Node does not know: ${unknown.slice(0, 5).join(', ')}. They get no digest by their hour.`,
    'Use a Node with full ICU data, and a newer one.',
  )
}

/** The database is not asked for hours (src/domain/schedule/schedule.ts), so its time-zone data cannot send a mail early; yet one of the two is old. */
function checkTheirZones({ missing, differing }: DatabaseView): DoctorFinding[] {
  const remedy = 'Digests go by Node’s. Update the older of the two: tzdata where PostgreSQL runs, or Node.'
  return [
    ...(missing.length === 0
      ? []
      : [warning('time zones', `The database does not know ${list(missing)}, which readers may choose.`, remedy)]),
    ...(differing.length === 0
      ? []
      : [warning('time zones', `Node and the database disagree about the hour in ${list(differing)}.`, remedy)]),
  ]
}

function list(zones: readonly string[]): string {
  const more = zones.length > 5 ? ` and ${zones.length - 5} more` : ''
  return `${zones.slice(0, 5).join(', ')}${more}`
}
