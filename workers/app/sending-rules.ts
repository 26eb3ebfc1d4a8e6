import type { SendingRules } from '../../src/ledger/reports/waiting.ts'
import type { App } from './app.ts'

/** The settings of this installation that decide how long mails wait. */
export function sendingRulesOf({ transports, config }: Pick<App, 'transports' | 'config'>): SendingRules {
  return { transports, giveUpHours: config.mail.giveUpHours }
}
