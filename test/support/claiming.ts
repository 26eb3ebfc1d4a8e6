import { randomUUID } from 'node:crypto'

/** What a claim needs and few tests care about. */
export const CLAIM_DEFAULTS = { newParcelId: randomUUID, giveUpHours: 22, membersMax: 100 } as const
