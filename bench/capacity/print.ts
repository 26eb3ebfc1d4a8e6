import { figuresOf, type Lines, whole } from '../figures.ts'
import type { Costs, Prices } from './inputs.ts'
import type { Plan } from './model.ts'

/** Describes a plan line by line: what is needed, what it costs, and which limit comes first. */
export function describePlan(plan: Plan, { measured }: Costs, { readOn }: Prices): string {
  const { subscribers, windowSeconds, transport, retentionDays } = plan.question
  const lines = Object.entries(linesOf(plan)).filter(([, value]) => value !== NONE)
  return `${whole(subscribers)} subscribers within ${windowSeconds / 60} min over ${transport}, deliveries kept ${retentionDays} days.
${bindingOf(plan)}

${lines.map(([name, value]) => `${name.padEnd(60)}  ${value}\n`).join('')}
Costs of ${measured.at}, by \`${measured.command}\`, over ${measured.digests} digests on ${measured.machine}.
Plans of providers as read on ${readOn}.
`
}

/** Returns one sentence about the lowest limit. */
export function bindingOf({ limits: [first], question }: Plan): string {
  if (first === undefined) return 'Nothing is limited.'
  const binds = question.subscribers > first.subscribers ? 'Binds' : 'Binds first, when the list grows'
  return `${binds}: ${first.name}, at ${whole(first.subscribers)} subscribers.`
}

export const NONE = '–'
const TIERS = ['everything', 'workers', 'web and scheduler', 'PostgreSQL and standby', 'Redis and replica']

/** Returns the text of each figure by its name. A figure is called as in `--json`, in words. */
export function linesOf(plan: Plan): Lines {
  const { question, rates, installations, each, fleet, provider, trafficTbPerMonth, limits, bill } = plan
  const { mailsPerMonth, addresses, warmUp } = provider
  const published = provider.plan === null ? 'none is large enough: ask them' : `${whole(provider.plan.mails)} mails`
  const tierOf = (name: string) => {
    const tier = fleet.tiers.find((each) => each.name === name)
    if (tier === undefined) return NONE
    const program = tier.processes > 0 ? `, ${tier.processes} processes` : ''
    return `${tier.machines} × ${tier.machine.cores} cores, ${tier.machine.memoryGb} GB${program}`
  }
  const limitOf = ({ subscribers, whose }: (typeof limits)[number]) => {
    const cure = whose === 'theirs' ? 'ask them for more' : 'share the list among installations'
    return `${whole(subscribers)}${question.subscribers > subscribers ? ` – over it: ${cure}` : ''}`
  }
  return {
    ...figuresOf('Rates: ', { ...rates, digestsPerSecondOfOneWorker: each.workerRate }),
    'Rates: a worker is held by': each.workerHeldBy,
    ...figuresOf('Machines: ', { installations, workerProcesses: each.workers * installations, all: fleet.machines }),
    ...Object.fromEntries(TIERS.map((name) => [`Machines: ${name}`, tierOf(name)])),
    ...figuresOf('PostgreSQL of one installation: ', each.postgres),
    ...figuresOf('Redis of one installation: ', each.redis),
    ...figuresOf('Provider: ', { mailsPerMonth, trafficTbPerMonth }),
    ...(addresses === null ? { 'Provider: published plan': published } : figuresOf('Provider: ', { addresses })),
    'Provider: warm-up of a new domain':
      warmUp.days === null
        ? `its last day allows ${whole(warmUp.lastDayAllows)}: ${warmUp.domains} domains`
        : `all from day ${warmUp.days} on`,
    ...Object.fromEntries(
      bill.lines.map(({ name, perMonth }) => [`Money: ${name}`, perMonth === null ? 'ask them' : whole(perMonth)]),
    ),
    [`Money: all, ${bill.currency} a month`]: `${whole(bill.perMonth)}${bill.complete ? '' : ' and the provider'}`,
    ...Object.fromEntries(limits.map((limit) => [`Limit: ${limit.name}`, limitOf(limit)])),
  }
}
