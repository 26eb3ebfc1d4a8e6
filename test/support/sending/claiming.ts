import { randomUUID } from 'node:crypto'
import { day } from '../../../src/domain/day.ts'
import { claimParcels } from '../../../src/ledger/deliveries/claim/claim.ts'
import type { Database } from '../../../src/ledger/schema/database.ts'
import type { ClaimOptions, ClaimResult } from '../../../src/pipeline/deliver.ts'

/** The parts of a claim that few tests care about. */
export const CLAIM_DEFAULTS = { newParcelId: randomUUID, giveUpHours: 22, membersMax: 100, ahead: false } as const

/** Claims one parcel. */
export async function claimParcel(db: Database, options: Omit<ClaimOptions, 'view'>): Promise<ClaimResult> {
  const [result] = await claimParcels(db, [withView(options)])
  if (result === undefined) throw new Error('the claim has no result')
  return result
}

/** Adds the view of a parcel, which only tells which claims may be in one group. */
export function withView(options: Omit<ClaimOptions, 'view'>): ClaimOptions {
  return { ...options, view: { day: day('2025-10-14'), open: true, boundTo: null, weekly: false, votesAt: null } }
}
