import type { Costs } from './costs.ts'
import type { Limit } from './limits.ts'
import { GB } from './needs.ts'
import type { Plan } from './plan.ts'
import type { Prices } from './prices.ts'

const NAME_CHARS = 52

/** A plan for people: what is asked, what is needed, what it costs, what ends first. */
export function describePlan(plan: Plan, costs: Costs, prices: Prices): string {
  const { measured } = costs
  return [
    asked(plan),
    section('Rates', ratesLines(plan)),
    section('Machines', fleetLines(plan)),
    section(`PostgreSQL${plan.installations > 1 ? ', of one installation' : ''}`, postgresLines(plan)),
    section(`Redis${plan.installations > 1 ? ', of one installation' : ''}`, redisLines(plan)),
    section('Provider', providerLines(plan)),
    section(`Money, ${plan.bill.currency} a month (capacity/prices.json)`, moneyLines(plan)),
    section('What ends first, in this window', plan.limits.map(limitLine(plan))),
    `Costs of ${measured.at}, by \`${measured.command}\`, over ${measured.digests} digests on ${measured.machine}.\nPlans of providers as read on ${prices.readOn}.\n`,
  ].join('\n')
}

/** The limit that binds, in a sentence. */
export function bindingOf({ limits, question }: Plan): string {
  const [first] = limits
  if (first === undefined) return 'Nothing is limited.'
  const binds = question.subscribers > first.subscribers
  return `${binds ? 'Binds' : 'Binds first, when the list grows'}: ${first.name}, at ${whole(first.subscribers)} subscribers.`
}

function asked(plan: Plan): string {
  const { question, installations } = plan
  const { subscribers, windowSeconds, transport, digestBytes, retentionDays } = question
  return [
    `${whole(subscribers)} subscribers within ${duration(windowSeconds)}, over ${transport}, ${whole(digestBytes / 1_000)} kB a digest, deliveries kept ${retentionDays} days.`,
    installations === 1
      ? 'One installation: one PostgreSQL, one Redis, any number of workers.'
      : `${installations} installations, each with a PostgreSQL, a Redis and a part of the list: see docs/SCALING.md.`,
    bindingOf(plan),
    '',
  ].join('\n')
}

function ratesLines({ rates, each }: Plan): string[] {
  return [
    line('digests a second', figure(rates.digestsPerSecond)),
    line('provider calls a second', figure(rates.callsPerSecond)),
    line('events by webhook a second', figure(rates.eventsPerSecond)),
    line('out of the workers, Gbit a second', figure(rates.gbitPerSecond)),
    line('of one worker process, digests a second', `${figure(each.workerRate)}, held by ${each.workerHeldBy}`),
  ]
}

function fleetLines({ fleet }: Plan): string[] {
  return [
    ...fleet.tiers.map(({ name, machines, machine, processes, note }) =>
      line(
        name,
        `${machines} × ${machine.cores} cores, ${machine.memoryGb} GB${processes > 0 ? `, ${processes} processes` : ''} (${note})`,
      ),
    ),
    line('all', String(fleet.machines)),
  ]
}

function postgresLines({ each: { postgres } }: Plan): string[] {
  return [
    line('cores busy in the window', figure(postgres.cores)),
    line('memory, GB', figure(postgres.memoryBytes / GB)),
    line('connections at most', whole(postgres.connections)),
    line('operations of the disk a second, at most', whole(postgres.operationsPerSecond)),
    line('growth a month, GB', figure(postgres.growthBytesPerMonth / GB)),
    line('readers, GB', figure(postgres.readersBytes / GB)),
    line('deliveries kept, GB', figure(postgres.deliveriesBytes / GB)),
    line('events kept, GB', figure(postgres.eventsBytes / GB)),
    line('disk with headroom, GB', figure(postgres.diskBytes / GB)),
    line('log to archive a day (WAL), GB', figure(postgres.walBytesPerDay / GB)),
  ]
}

function redisLines({ each: { redis } }: Plan): string[] {
  return [
    line('of its one core', `${figure(redis.cores * 100)} %`),
    line('memory, MB', figure(redis.memoryBytes / 1e6)),
  ]
}

function providerLines({ provider, trafficTbPerMonth }: Plan): string[] {
  const { plan, addresses, warmUp, mailsPerMonth } = provider
  const ramp =
    warmUp.days === null
      ? `ends before all are allowed: its last day allows ${whole(warmUp.lastDayAllows)}; ${warmUp.domains} domains`
      : `all from day ${warmUp.days} on`
  return [
    line('mails a month', whole(mailsPerMonth)),
    addresses === null
      ? line('published plan', plan === null ? 'none is large enough: ask them' : `${whole(plan.mails)} mails`)
      : line('addresses of your own', String(addresses)),
    line('warm-up of a new domain (WARMUP_START)', ramp),
    line('traffic out a month, TB', figure(trafficTbPerMonth)),
  ]
}

function moneyLines({ bill }: Plan): string[] {
  return [
    ...bill.lines.map(({ name, perMonth }) => line(name, perMonth === null ? 'ask them' : whole(perMonth))),
    line(bill.complete ? 'sum' : 'sum without what must be asked for', whole(bill.perMonth)),
  ]
}

function limitLine({ question }: Plan) {
  return ({ name, subscribers, whose }: Limit, place: number) => {
    const over = question.subscribers > subscribers
    const cure = whose === 'theirs' ? 'ask them for more' : 'share the list among installations'
    return line(name, `${whole(subscribers)}${over ? ` – over it: ${cure}` : ''}${place === 0 ? '  ← first' : ''}`)
  }
}

function section(title: string, lines: readonly string[]): string {
  return `${title}\n${lines.join('')}`
}

function line(name: string, value: string): string {
  return `  ${name.padEnd(NAME_CHARS)}  ${value}\n`
}

export function whole(value: number): string {
  return Math.round(value).toLocaleString('en-GB')
}

/** Three figures: no model knows more. */
export function figure(value: number): string {
  return value >= 100 ? whole(value) : String(Number(value.toPrecision(3)))
}

export function duration(seconds: number): string {
  if (seconds % 3_600 === 0) return `${seconds / 3_600} h`
  return seconds % 60 === 0 ? `${seconds / 60} min` : `${seconds} s`
}
