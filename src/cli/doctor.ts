import { inspectRedis } from '../queue/connection.ts'
import { type CommandContext, withApp } from './context.ts'

interface Finding {
  readonly severity: 'ok' | 'warning' | 'error'
  readonly text: string
}

const MARKS = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' } as const

/** `doctor`: configuration, database, queue and provider, each finding with its remedy. Exit code 1 on an error. */
export async function doctor(context: CommandContext): Promise<number> {
  return withApp(context, async (app) => {
    const { config, ledger, queueConnection } = app
    const findings: Finding[] = [{ severity: 'ok', text: 'The configuration is valid.' }]
    const { rows } = await ledger.pool.query<{ version: string }>('select version()')
    findings.push({
      severity: 'ok',
      text: `Database: ${rows[0]?.version.split(' (')[0]}${config.databaseUrl === null ? `, embedded in ${config.dataDir}` : ''}; migrations are up to date.`,
    })
    if (queueConnection.kind === 'redis') {
      const faults = await inspectRedis(queueConnection.redis)
      findings.push(
        { severity: 'ok', text: 'Queue: Redis answers.' },
        ...faults.map((text) => ({ severity: 'warning' as const, text })),
      )
    } else {
      findings.push({ severity: 'ok', text: 'Queue: in the database.' })
    }
    for (const transport of app.transports) {
      const check = await transport.check()
      findings.push(
        check.ok
          ? { severity: 'ok', text: `${transport.name}: ${check.note}` }
          : { severity: 'error', text: `${transport.name}: ${check.remedy}` },
      )
    }
    findings.push(...inspectAddresses(config))
    for (const { severity, text } of findings) context.terminal.out(`${MARKS[severity]}  ${text}`)
    return findings.some((finding) => finding.severity === 'error') ? 1 : 0
  })
}

function inspectAddresses({
  publicUrl,
  mail,
}: {
  publicUrl: string
  mail: { transports: readonly string[]; postalAddress: string | null }
}): Finding[] {
  if (mail.transports.every((name) => name === 'outbox'))
    return [{ severity: 'warning', text: 'MAIL_TRANSPORT is outbox: mails are written to files and reach nobody.' }]
  const findings: Finding[] = []
  if (!publicUrl.startsWith('https://'))
    findings.push({
      severity: 'error',
      text: `PUBLIC_URL is ${publicUrl}: one-click unsubscribing needs https (RFC 8058 §3.1). Put the site behind TLS and set PUBLIC_URL.`,
    })
  if (mail.postalAddress === null)
    findings.push({
      severity: 'warning',
      text: 'MAIL_POSTAL_ADDRESS is not set: several laws ask for a postal address in every mail.',
    })
  return findings
}
