import { randomUUID } from 'node:crypto'

/** The parts of a claim that few tests care about. */
export const CLAIM_DEFAULTS = { newParcelId: randomUUID, giveUpHours: 22, membersMax: 100 } as const
