import type { SendingRules } from '../../src/ledger/reports/waiting.ts'
import type { App } from './app.ts'

/** Returns the settings that decide how long messages wait. */
export function sendingRulesOf({ transports, config }: Pick<App, 'transports' | 'config'>): SendingRules {
  return { transports, giveUpHours: config.mail.giveUpHours }
}
