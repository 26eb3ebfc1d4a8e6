import type { SendingRules } from '../src/ledger/waiting.ts'
import type { App } from './wiring.ts'

/** What decides how long mails of this installation wait. */
export function sendingRulesOf({ transports, config }: Pick<App, 'transports' | 'config'>): SendingRules {
  return { transports, giveUpHours: config.mail.giveUpHours }
}
