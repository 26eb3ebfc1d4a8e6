import type { Selectable } from 'kysely'
import type { Actor } from '../../domain/actor.ts'
import type { Day } from '../../domain/day.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'
import type { Database } from '../schema/database.ts'
import type { OperatorTables } from '../schema/operator-tables.ts'

/** The actor, reason and time of an action. */
export interface AdminContext {
  readonly actor: Actor
  readonly reason: string
  readonly at: Date
}

/** The actor and time of an action that needs no reason. */
export type ActionContext = Omit<AdminContext, 'reason'>

/** One action of an operator in the audit log. */
export interface AdminAction {
  /** `subject.verb`, such as `edition.paused` or `subscriber.erased`. */
  readonly action: string
  readonly day?: Day | null
  readonly subscriberId?: string | null
  readonly reason?: string | null
  /** The values before and after. They must not contain addresses, because the audit log outlives an erasure. */
  readonly before?: Readonly<Record<string, unknown>> | null
  readonly after?: Readonly<Record<string, unknown>> | null
}

export interface RecordedAction extends Actor {
  readonly operatorId: string | null
  readonly id: string
  readonly at: Date
  readonly action: string
  readonly day: string | null
  readonly subscriberId: string | null
  readonly reason: string | null
  readonly before: Readonly<Record<string, unknown>> | null
  readonly after: Readonly<Record<string, unknown>> | null
}

/** Writes an action to the audit log, in the transaction of the action if it has one. */
export async function recordAction(db: Database, actor: Actor, action: AdminAction, at: Date): Promise<void> {
  await db
    .insertInto('operator_actions')
    .values({
      created_at: at,
      operator_id: actor.operatorId ?? null,
      who: actor.who,
      address: actor.address,
      action: action.action,
      day: action.day ?? null,
      subscriber_id: action.subscriberId ?? null,
      // An operator typed the reason, which may contain an address.
      reason: typeof action.reason === 'string' ? withoutAddresses(action.reason) : null,
      before: jsonOf(action.before),
      after: jsonOf(action.after),
    })
    .execute()
}

/** Returns a page of actions, newest first. `before` is the id of the last one on the previous page. */
export async function readActions(
  db: Database,
  query: {
    readonly before?: string | null
    readonly day?: Day
    readonly subscriberId?: string
    readonly limit: number
  },
): Promise<RecordedAction[]> {
  let select = db.selectFrom('operator_actions').selectAll().orderBy('id', 'desc').limit(query.limit)
  if (query.before !== undefined && query.before !== null) select = select.where('id', '<', query.before)
  if (query.day !== undefined) select = select.where('day', '=', query.day)
  if (query.subscriberId !== undefined) select = select.where('subscriber_id', '=', query.subscriberId)
  const rows = await select.execute()
  return rows.map(toRecordedAction)
}

/** Returns the last change of an edition, for an operator who was not the first. A test mail changes nothing. */
export async function readLastAction(db: Database, day: Day): Promise<RecordedAction | null> {
  const row = await db
    .selectFrom('operator_actions')
    .selectAll()
    .where('day', '=', day)
    .where('action', '<>', 'edition.test-sent')
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : toRecordedAction(row)
}

/** Turns a row of the table into an action. */
export function toRecordedAction({
  subscriber_id: subscriberId,
  operator_id: operatorId,
  created_at: at,
  ...row
}: Selectable<OperatorTables['operator_actions']>): RecordedAction {
  return { ...row, at, subscriberId, operatorId }
}

function jsonOf(value: Readonly<Record<string, unknown>> | null | undefined): string | null {
  return value === undefined || value === null ? null : JSON.stringify(value)
}
