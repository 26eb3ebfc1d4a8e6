import { randomUUID } from 'node:crypto'
import { dayIn } from '../../../src/domain/day.ts'
import { allowanceOn, sendingDay } from '../../../src/domain/schedule/warmup.ts'
import { QUEUE_NAMES } from '../../../src/queue/queues.ts'
import { createPasswordCheck } from '../../../src/security/password.ts'
import { readTotpSecret } from '../../../src/security/totp.ts'
import type { AdminDeps } from '../../../src/web/admin/deps.ts'
import type { App } from '../app.ts'
import { openLook } from '../look/open-look.ts'
import { addingSoon } from '../queue.ts'
import { resumeAll } from '../resume.ts'
import { sendingRulesOf } from '../sending-rules.ts'

/** Returns the stores and services of the admin. */
export function adminDepsOf(app: App): AdminDeps {
  const { config, clock, ledger, queues } = app
  const addSoon = addingSoon(app)
  return {
    ledger,
    tokens: ledger.tokens,
    log: app.log,
    checkPassword: config.adminPassword === null ? null : createPasswordCheck(config.adminPassword),
    totpSecret: config.adminTotpSecret === null ? null : readTotpSecret(config.adminTotpSecret),
    secure: config.publicUrl.startsWith('https:'),
    today: () => dayIn(config.edition.timezone, clock()),
    parcelSize: config.mail.parcelSize ?? app.transports[0]?.parcelSize ?? 1,
    sendingRules: sendingRulesOf(app),
    look: openLook(app),
    transports: app.transports.map(({ name }) => name),
    warmUpAllowance: () => (config.mail.warmUp === null ? null : allowanceOn(sendingDay(clock()), config.mail.warmUp)),
    newParcelId: randomUUID,
    newId: randomUUID,
    erase: app.erase,
    sendTransactionals: async (ids) => {
      for (const transactionalId of ids) addSoon('notice', { transactionalId })
    },
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

/** Returns how operators log in to `/admin`, for the log of a start. */
export async function adminState({ config, ledger }: App): Promise<string> {
  if (await ledger.operators.hasOwner())
    return config.adminPassword === null && config.adminTotpSecret === null
      ? '/admin is on; operators log in with their accounts'
      : '/admin is on; operators log in with their accounts, and ADMIN_PASSWORD and ADMIN_TOTP_SECRET are no longer used'
  if (config.adminPassword !== null) return '/admin is on; ADMIN_PASSWORD opens it until the first owner has an account'
  return '/admin has no owner; set ADMIN_PASSWORD, or run: paperround operators add'
}
