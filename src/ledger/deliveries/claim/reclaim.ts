import { day as asDay } from '../../../domain/day.ts'
import type { ClaimedParcel } from '../../../domain/parcel.ts'
import type { ClaimOptions } from '../../../pipeline/deliver.ts'
import type { Database } from '../../schema/database.ts'
import { ofDay } from '../../schema/periods.ts'
import { paperIdsIn } from '../paper-numbers.ts'
import { readSelection } from '../selection-text.ts'
import { timesOf } from './freeze.ts'

/** A parcel whose row is locked. */
export interface LockedParcel {
  id: string
  day: string
  state: 'queued' | 'sending' | 'settled'
  transport: string | null
  key_id: string | null
  attempts: number
  frozen_at: Date | null
  first_call_at: Date | null
  excluded_delivery_ids: string[]
  next_try_at: Date
  sending: 'running' | 'paused' | 'cancelled'
  alive: boolean
}

/** Claims a parcel that may have been called. Its members are as they were frozen. */
export async function reclaim(trx: Database, options: ClaimOptions, row: LockedParcel): Promise<ClaimedParcel> {
  const members = await trx
    .selectFrom('deliveries as d')
    .leftJoin('subscribers as s', 's.id', 'd.subscriber_id')
    .leftJoin('suppressions as x', 'x.address_hash', 's.address_hash')
    .select([
      'd.id',
      'd.subscriber_id',
      'd.address',
      paperIdsIn('d.paper_numbers').as('paper_ids'),
      'd.selection',
      'd.attempts',
      'd.period',
      'd.queued_at',
      's.state',
      'x.reason as suppressionReason',
    ])
    .where('d.parcel_id', '=', options.parcelId)
    .where(ofDay(asDay(row.day)))
    .where('d.state', '=', 'sending')
    .orderBy('d.id')
    .execute()
  // Stored before the call, because the excluded members change the bytes of the request. Subscribers who come back stay
  // excluded.
  const inactiveIds = members
    .filter(({ state, suppressionReason }) => state !== 'active' || suppressionReason !== null)
    .map(({ id }) => id)
  const excludedIds = [...new Set([...row.excluded_delivery_ids, ...inactiveIds])]
  await trx
    .updateTable('parcels')
    .set({
      claimed_by: options.worker,
      claimed_at: options.at,
      attempts: row.attempts + 1,
      excluded_delivery_ids: excludedIds,
    })
    .where('id', '=', options.parcelId)
    .execute()
  const open = new Set(members.map(({ id }) => id))
  return {
    id: options.parcelId,
    day: asDay(row.day),
    worker: options.worker,
    attempt: row.attempts + 1,
    transport: row.transport ?? options.transport,
    keyId: row.key_id ?? options.keyId,
    claimedAt: options.at,
    frozenAt: row.frozen_at ?? options.at,
    firstCallAt: row.first_call_at ?? options.at,
    repeat: true,
    ahead: false,
    members: members.map((member) => ({
      deliveryId: member.id,
      subscriberId: member.subscriber_id,
      address: member.address ?? '',
      paperIds: member.paper_ids ?? [],
      selection: readSelection(member.selection ?? '{}', member.paper_ids ?? []),
      ...timesOf(member, options),
    })),
    excludedIds: excludedIds.filter((id) => open.has(id)),
  }
}
