import type { App } from './app.ts'

/** Has the workers look at once at all that is open, such as when an operator has ended a pause. */
export async function resumeAll({ queues, reconcile }: Pick<App, 'queues' | 'reconcile'>): Promise<void> {
  await reconcile({ editions: true })
  await Promise.all([queues.promote('send'), queues.promote('notice')])
}
