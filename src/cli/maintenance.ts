import { counted } from '../text/counted.ts'
import { type CommandContext, withApp } from './context.ts'

/** `migrate`: says what was migrated. Opening the ledger and the queue migrates both. */
export async function migrateCommand(context: CommandContext): Promise<number> {
  return withApp(context, async (app) => {
    const { migrated } = app.ledger
    context.terminal.out(migrated.length === 0 ? 'The schema is up to date.' : `Migrated: ${migrated.join(', ')}.`)
    return 0
  })
}

/** `reconcile`: does now what the workers do every minute. */
export async function reconcileCommand(context: CommandContext): Promise<number> {
  return withApp(context, async (app) => {
    const { closed, parcels, notices, editions } = await app.reconcile({ editions: true })
    context.terminal.out(
      `${counted(closed, 'parcel')} closed. Jobs are queued for ${counted(parcels, 'parcel')}, ${counted(notices, 'transactional email')} and ${counted(editions, 'open edition')}.`,
    )
    return 0
  })
}
