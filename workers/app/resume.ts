import type { App } from './app.ts'

/** Makes the workers try all open work now, for example after an operator ended a pause. */
export async function resumeAll({ queues, reconcile }: Pick<App, 'queues' | 'reconcile'>): Promise<void> {
  await reconcile({ editions: true })
  await Promise.all([queues.promote('send'), queues.promote('notice')])
}
