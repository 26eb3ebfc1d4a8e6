import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { addDays, startOfDay } from '../../domain/day.ts'
import type { SubscriberFilter } from '../../domain/segments/filter.ts'
import { ofDay } from '../schema/periods.ts'

/**
 * Returns the SQL condition of a filter for subscribers `s`. States are literals, because PostgreSQL uses a partial index only if
 * it knows the value when it plans.
 */
export function matching(filter: SubscriberFilter): RawBuilder<SqlBool> {
  const conditions = [
    ...addressConditions(filter.text.toLowerCase()),
    ...(filter.state === null ? [] : [sql`s.state = ${sql.lit(filter.state)}`]),
    ...(filter.frequency === null ? [] : [sql`s.frequency = ${filter.frequency}`]),
    ...(filter.timezone === '' ? [] : [sql`s.timezone = ${filter.timezone}`]),
    ...(filter.interest === ''
      ? []
      : [sql`s.interests <> '{}' and array_to_string(s.interests, chr(10)) ilike ${partOf(filter.interest)}`]),
    ...(filter.consent === '' ? [] : [sql`s.consent->>'note' ilike ${partOf(filter.consent)}`]),
    ...(filter.joinedFrom === null ? [] : [sql`s.created_at >= ${startOfDay('UTC', filter.joinedFrom)}`]),
    ...(filter.joinedTo === null ? [] : [sql`s.created_at < ${startOfDay('UTC', addDays(filter.joinedTo, 1))}`]),
    ...(filter.bounced ? [BOUNCED] : []),
    ...outcomeConditions(filter),
  ]
  return conditions.length === 0 ? sql<SqlBool>`true` : sql<SqlBool>`(${sql.join(conditions, sql` and `)})`
}

/** Soft bounces in a row, or a suppression because of bounces. */
const BOUNCED = sql`(s.soft_bounces > 0 or (s.state = 'suppressed' and exists (
  select from suppressions x where x.address_hash = s.address_hash and x.reason in ('bounced', 'soft-bounces'))))`

function addressConditions(text: string): RawBuilder<unknown>[] {
  if (text === '') return []
  if (text.startsWith('@')) return [sql`split_part(s.email_key, '@', 2) = ${text.slice(1)}`]
  return [sql`s.email_key like ${`${escaped(text)}%`}`]
}

function outcomeConditions({ edition, outcome }: SubscriberFilter): RawBuilder<unknown>[] {
  if (edition === null || outcome === null) return []
  return [
    sql`exists (select from deliveries d where d.subscriber_id = s.id and d.day = ${edition} and ${ofDay(edition)}
      and d.state = ${outcome})`,
  ]
}

function partOf(text: string): string {
  return `%${escaped(text)}%`
}

function escaped(text: string): string {
  return text.replace(/[\\%_]/g, (sign) => `\\${sign}`)
}
