import type { Costs } from './costs.ts'
import { GB } from './needs.ts'
import { type Plan, planFor } from './plan.ts'
import type { Prices } from './prices.ts'
import { figure, whole } from './print.ts'
import type { Question, TransportName } from './question.ts'

const SIZES = [1e5, 1e6, 1e7, 1e8]

type Row = readonly [name: string, of: (plan: Plan) => string]

const machinesOf =
  (...names: readonly string[]) =>
  ({ fleet }: Plan): string => {
    const tier = fleet.tiers.find(({ name }) => names.includes(name))
    return tier === undefined ? '–' : `${tier.machines} × ${tier.machine.cores} cores, ${tier.machine.memoryGb} GB`
  }

const ROWS: readonly Row[] = [
  ['Digests a second', ({ rates }) => figure(rates.digestsPerSecond)],
  ['Provider calls a second', ({ rates }) => figure(rates.callsPerSecond)],
  ['Webhook events a second', ({ rates }) => figure(rates.eventsPerSecond)],
  ['Installations', ({ installations }) => String(installations)],
  ['Worker processes', ({ each, installations }) => whole(each.workers * installations)],
  ['Machines, all', ({ fleet }) => String(fleet.machines)],
  ['– everything on one', machinesOf('everything')],
  ['– workers', machinesOf('workers')],
  ['– web and scheduler', machinesOf('web and scheduler')],
  ['– PostgreSQL, with standby', machinesOf('PostgreSQL')],
  ['– Redis, with replica', machinesOf('Redis')],
  ['PostgreSQL: busy cores', ({ each, installations }) => figure(each.postgres.cores * installations)],
  ['PostgreSQL: disk, GB', ({ each, installations }) => figure((each.postgres.diskBytes / GB) * installations)],
  [
    'PostgreSQL: growth a month, GB',
    ({ each, installations }) => figure((each.postgres.growthBytesPerMonth / GB) * installations),
  ],
  ['Redis: memory of one, MB', ({ each }) => figure(each.redis.memoryBytes / 1e6)],
  ['Out of the workers, Gbit/s', ({ rates }) => figure(rates.gbitPerSecond)],
  ['Mails a month', ({ provider }) => whole(provider.mailsPerMonth)],
  [
    'Provider',
    ({ provider: { plan, addresses } }) =>
      addresses !== null ? `${addresses} addresses` : plan === null ? 'ask them' : `plan of ${whole(plan.mails)}`,
  ],
  [
    'Warm-up of a new domain',
    ({ provider: { warmUp } }) => (warmUp.days === null ? `${warmUp.domains} domains` : `${warmUp.days} days`),
  ],
  ['Money a month', ({ bill }) => `${whole(bill.perMonth)}${bill.complete ? '' : ' and the provider'}`],
  ['Binds first', ({ limits: [first] }) => (first === undefined ? '–' : `${first.name} (${whole(first.subscribers)})`)],
]

/** The table of docs/SCALING.md: the same question for each size of list. */
export function tableFor(question: Question, costs: Costs, prices: Prices): string {
  const plans = SIZES.map((subscribers) => planFor({ ...question, subscribers }, costs, prices))
  const head = ['', ...SIZES.map((size) => whole(size))]
  const rows = ROWS.map(([name, of]) => [name, ...plans.map(of)])
  return markdownTable([head, ...rows])
}

/** As the formatter of this repository would write it, so that neither undoes the other. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, at) => Math.max(3, ...rows.map((row) => row[at]?.length ?? 0)))
  const text = (row: readonly string[]) => `| ${row.map((cell, at) => cell.padEnd(widths[at] ?? 0)).join(' | ')} |\n`
  const [head = [], ...body] = rows
  return [text(head), text(widths.map((width) => '-'.repeat(width))), ...body.map(text)].join('')
}

/** The question that the page answers. */
export function pageQuestion(transport: TransportName): Question {
  return {
    subscribers: 1,
    windowSeconds: 7_200,
    transport,
    digestBytes: 55_000,
    retentionDays: 90,
    callsPerSecond: null,
  }
}
