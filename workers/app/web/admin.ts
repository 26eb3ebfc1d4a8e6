import { randomUUID } from 'node:crypto'
import { dayIn } from '../../../src/domain/day.ts'
import { QUEUE_NAMES } from '../../../src/queue/queues.ts'
import { createPasswordCheck } from '../../../src/security/password.ts'
import { readTotpSecret } from '../../../src/security/totp.ts'
import type { AdminDeps } from '../../../src/web/admin/deps.ts'
import type { App } from '../app.ts'
import { resumeAll } from '../resume.ts'
import { sendingRulesOf } from '../sending-rules.ts'

/** Returns the stores and services of the admin, or null if no password is set. */
export function adminDepsOf(app: App): AdminDeps | null {
  const { config, clock, ledger, queues } = app
  if (config.adminPassword === null) return null
  return {
    ledger,
    tokens: ledger.tokens,
    log: app.log,
    checkPassword: createPasswordCheck(config.adminPassword),
    totpSecret: config.adminTotpSecret === null ? null : readTotpSecret(config.adminTotpSecret),
    secure: config.publicUrl.startsWith('https:'),
    today: () => dayIn(config.edition.timezone, clock()),
    parcelSize: config.mail.parcelSize ?? app.transports[0]?.parcelSize ?? 1,
    sendingRules: sendingRulesOf(app),
    newParcelId: randomUUID,
    erase: app.erase,
    addSendJobs: (ids) =>
      queues.add(
        'send',
        ids.map((parcelId) => ({ parcelId })),
      ),
    wake: () => resumeAll(app),
    readQueues: () =>
      Promise.all(
        QUEUE_NAMES.map(async (name) => ({
          name,
          ...(await queues.depth(name)),
          oldestAt: await queues.oldest(name),
        })),
      ),
  }
}
