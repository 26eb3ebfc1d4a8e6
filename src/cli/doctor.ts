import { createPublicKey } from 'node:crypto'
import { setTimeout } from 'node:timers/promises'
import type { Config } from '../../config/config.ts'
import { describeBrand, senderOf } from '../../workers/app/appearance/brand.ts'
import { describeTemplates, templateFaults } from '../../workers/app/appearance/templates.ts'
import { type OpenLedger, openLedger } from '../../workers/app/ledger.ts'
import { openQueueConnection } from '../../workers/app/queue.ts'
import { githubOf } from '../../workers/app/sources.ts'
import { openTransports } from '../../workers/app/transports.ts'
import { checkAdmin } from '../doctor/admin.ts'
import { checkDatabase, checkPooler } from '../doctor/database.ts'
import { checkDkimKey } from '../doctor/dkim-key.ts'
import { checkDmarc } from '../doctor/dmarc.ts'
import { type DoctorFinding, error, ok, warning } from '../doctor/finding.ts'
import { checkGithub } from '../doctor/github.ts'
import { checkMx, checkReverse } from '../doctor/hosts.ts'
import { createRepeat, type Repeat, repeatingResolver } from '../doctor/repeat.ts'
import { type DnsResolver, systemResolver } from '../doctor/resolver.ts'
import { checkSettings } from '../doctor/settings.ts'
import { checkSignature } from '../doctor/signature.ts'
import { checkSpf } from '../doctor/spf.ts'
import { isTimezone } from '../domain/day.ts'
import type { Verp } from '../mail/verp.ts'
import { transactionalMessage } from '../pipeline/compose/message.ts'
import { UserError } from '../platform/errors.ts'
import { inspectRedis } from '../queue/connection.ts'
import { readStars } from '../sources/github/stars.ts'
import type { CommandContext } from './context.ts'

const MARKS = { ok: 'ok     ', warning: 'warning', error: 'ERROR  ' } as const

/**
 * Runs every check that needs no sending, and prints each finding with its remedy. A fault of the network or of DNS that may
 * pass is repeated before it is judged. Exit code 1 on an error.
 */
export async function doctor(
  options: { json?: boolean },
  context: CommandContext,
  resolver: DnsResolver = systemResolver(),
  pause: (ms: number) => Promise<unknown> = setTimeout,
): Promise<number> {
  const config = context.config()
  const repeat = createRepeat(pause)
  const dns = repeatingResolver(resolver, repeat)
  const findings = [
    ...settingsOf(config),
    // A fault of BRAND_FILE ends each command, so here it has none.
    ...(config.brand === null ? [] : [ok('brand', describeBrand(config.brand))]),
    ...(await inspectTemplates(config)),
    ...(await inspectLedger(config, context)),
    ...(await inspectTransports(config, context, repeat)),
    await inspectGithub(config, context, repeat),
    ...(await inspectDomain(config, dns, context.clock())),
  ]
  if (options.json === true) context.terminal.out(JSON.stringify(findings, null, 2))
  else for (const finding of findings) context.terminal.out(describe(finding))
  return findings.some((finding) => finding.severity === 'error') ? 1 : 0
}

function describe({ severity, check, text, remedy }: DoctorFinding): string {
  return `${MARKS[severity]}  ${check}: ${text}${remedy === null ? '' : `\n         → ${remedy}`}`
}

function settingsOf(config: Config): DoctorFinding[] {
  return checkSettings({
    publicUrl: config.publicUrl,
    transports: config.mail.transports,
    postalAddress: config.mail.postalAddress,
    secret: config.secret,
    webhookSecret: config.resend.webhookSecret,
    host: config.host,
    trustsLoopback: config.trustProxy.some((each) => each === 'loopback' || /^(127\.|::1)/.test(each)),
  })
}

async function inspectTemplates(config: Config): Promise<DoctorFinding[]> {
  if (config.templatesDir === null) return []
  const faults = await templateFaults(config)
  const remedy = 'Change the file, and look at it with `paperround preview`.'
  if (faults.length > 0) return faults.map((fault) => error('templates', fault, remedy))
  return [ok('templates', describeTemplates(config.templatesDir, config.mail.template))]
}

async function inspectLedger(config: Config, { clock }: CommandContext): Promise<DoctorFinding[]> {
  let ledger: OpenLedger
  try {
    ledger = await openLedger(config)
  } catch (fault) {
    return [failureOf('database', fault)]
  }
  try {
    const { rows } = await ledger.pool.query<{ version: string; now: Date }>('select version(), now()')
    const zones = await ledger.subscribers.readZones()
    const offered = ['UTC', ...Intl.supportedValuesOf('timeZone')]
    const missing = await ledger.dispatches.readMissingZones([...new Set([...offered, ...zones])])
    const shared = zones.filter((zone) => isTimezone(zone) && !missing.includes(zone))
    const database = checkDatabase({
      version: rows[0]?.version.split(' (')[0] ?? 'PostgreSQL',
      embeddedIn: config.databaseUrl === null ? config.dataDir : null,
      theirs: rows[0]?.now ?? clock(),
      ours: clock(),
      zones,
      isKnownZone: isTimezone,
      missing,
      differing: await ledger.dispatches.readDifferingZones(shared, weeksFrom(clock())),
    })
    const admin = checkAdmin({
      hasPassword: config.adminPassword !== null,
      hasOwner: await ledger.operators.hasOwner(),
    })
    return [...database, ...checkPooler(ledger.isPooled), admin, ...(await inspectQueue(config, ledger))]
  } finally {
    await ledger.close()
  }
}

/** Returns a time in each week of the next year. No change of clocks lasts less than a week. */
function weeksFrom(now: Date): Date[] {
  return Array.from({ length: 53 }, (_, week) => new Date(now.getTime() + week * 7 * 86_400_000))
}

async function inspectQueue(config: Config, ledger: OpenLedger): Promise<DoctorFinding[]> {
  try {
    const { queue, close } = await openQueueConnection(config, ledger)
    try {
      if (queue.kind === 'postgres') return [ok('queue', 'The queue is in the database.')]
      const faults = await inspectRedis(queue.redis)
      return [ok('queue', 'Redis answers.'), ...faults.map(({ text, remedy }) => warning('queue', text, remedy))]
    } finally {
      await close()
    }
  } catch (fault) {
    return [failureOf('queue', fault)]
  }
}

async function inspectTransports(config: Config, { clock }: CommandContext, repeat: Repeat): Promise<DoctorFinding[]> {
  const findings: DoctorFinding[] = []
  for (const transport of await openTransports(config, clock)) {
    const check = await repeat(
      () => transport.check(),
      (answer) => !answer.ok && answer.passing === true,
    )
    findings.push(
      check.ok
        ? ok(transport.name, check.note)
        : error(transport.name, 'This transport cannot send mail.', check.remedy),
    )
    await transport.close()
  }
  return findings
}

/** A query about no repository costs one point and shows whether the token is accepted. */
async function inspectGithub(config: Config, { clock }: CommandContext, repeat: Repeat): Promise<DoctorFinding> {
  if (config.github.token === null) return checkGithub(null)
  const ask = () => readStars([], githubOf(config, clock))
  return checkGithub(await repeat(ask, ({ fault }) => fault?.kind === 'failed'))
}

async function inspectDomain(config: Config, dns: DnsResolver, at: Date): Promise<DoctorFinding[]> {
  const { transports, from } = config.mail
  if (transports.every((name) => name === 'outbox')) return []
  const domain = domainOf(from.address)
  const resend = transports.includes('resend')
  const { dkim, url } = config.smtp
  const findings = [
    ...(await Promise.all(envelopeDomains(config, domain).map((each) => checkSpf(each, dns)))),
    ...(resend ? [await checkDkimKey({ domain, selector: 'resend', ours: null }, dns)] : []),
  ]
  if (transports.includes('smtp') && dkim !== null) {
    findings.push(
      await checkDkimKey({ ...dkim, ours: createPublicKey(dkim.privateKey) }, dns),
      await checkSignature(sampleMessage(config, at), dkim, dns),
    )
  }
  findings.push(
    await checkDmarc(domain, transports.includes('smtp') ? (dkim?.domain ?? null) : domain, dns),
    await checkMx(domain, dns),
  )
  if (transports.includes('smtp') && url !== null) findings.push(await checkReverse(new URL(url).hostname, dns))
  return findings
}

/** Returns the domains of the bounce addresses, where SPF is checked (RFC 7208 §2.4). They may differ from that of From. */
function envelopeDomains({ mail, bounces }: Config, domain: string): string[] {
  const { transports } = mail
  const own = bounces.address === null ? domain : domainOf(bounces.address)
  // Resend uses a subdomain for bounces.
  return [...(transports.includes('resend') ? [`send.${domain}`] : []), ...(transports.includes('smtp') ? [own] : [])]
}

function domainOf(address: string): string {
  return address.slice(address.lastIndexOf('@') + 1)
}

/** The sample is never sent, so that it needs no signed bounce address. */
const UNSIGNED: Verp = {
  sign: () => 'doctor',
  verify: () => null,
  returnPath: () => null,
  envelopeSender: () => null,
  find: () => null,
  findMessageId: () => null,
}

/** Builds a message whose DKIM signature is created and verified. It is never sent. */
function sampleMessage(config: Config, at: Date) {
  return transactionalMessage({
    transactionalId: 'doctor',
    kind: 'welcome',
    address: config.mail.from.address,
    rendered: {
      subject: 'Checked by doctor',
      html: '<!doctype html><p>Checked by doctor</p>',
      text: 'Checked by doctor\n',
    },
    createdAt: at,
    sender: senderOf(config, UNSIGNED),
    unsubscribeUrl: `${config.publicUrl}/unsubscribe/doctor`,
  })
}

function failureOf(check: string, cause: unknown): DoctorFinding {
  if (!(cause instanceof UserError)) throw cause
  return error(check, 'It cannot be used.', cause.findings.join(' '))
}
