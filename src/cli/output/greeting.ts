import type { App } from '../../../workers/app/app.ts'
import { outboxDir } from '../../../workers/app/transports.ts'
import { describeBuild } from '../../platform/build-info.ts'

const ADD_OWNER = 'paperround operators add EMAIL --name NAME --role owner'

/** The website of a running process, whether an operator owns it, and when it makes the next edition; null: never. */
export interface Started {
  readonly url: string
  readonly hasOwner: boolean
  readonly nextEditionAt: Date | null
}

/** Returns what a person wants to know when `start` runs in their terminal. */
export function describeStarted({ config }: Pick<App, 'config'>, { url, hasOwner, nextEditionAt }: Started): string[] {
  const site = config.publicUrl.replace(/\/$/, '')
  const { port } = new URL(url)
  const local = site === `http://localhost:${port}` ? '' : ` (listening on port ${port})`
  const { transports } = config.mail
  const { cron, timezone } = config.edition
  return [
    `Paperround ${describeBuild()} is running. Ctrl+C ends it.`,
    `Site:         ${site}${local}`,
    `Admin:        ${hasOwner || config.adminPassword !== null ? `${site}/admin` : `not in use; to use it: ${ADD_OWNER}`}`,
    transports.includes('outbox')
      ? `Outbox:       ${outboxDir(config)} (mails become files there)`
      : `Mail:         sent by ${transports.join(', then ')}`,
    `Next edition: ${nextEditionAt === null ? 'never' : `${nextEditionAt.toISOString().slice(0, 16).replace('T', ' ')} UTC`} (EDITION_CRON “${cron}” in ${timezone})`,
    'Problems appear below. For all log lines, send the output to a file or set LOG_LEVEL=debug.',
  ]
}
