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
      `${closed} parcels closed; jobs made sure of for ${parcels} parcels, ${notices} notices and ${editions} open editions.`,
    )
    return 0
  })
}
