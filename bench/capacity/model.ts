import * as bounds from '../../config/limits.ts'
import { ROUTINE_EVENT_DAYS } from '../../config/limits-inbound.ts'
import { DATABASE_POOL_MAX } from '../../config/limits-processes.ts'
import { addDays, day } from '../../src/domain/day.ts'
import { allowanceOn } from '../../src/domain/schedule/warmup.ts'
import type { Costs, Prices, Question } from './inputs.ts'

const OPEN_EDITIONS = 3 // An edition stays open for 36 h because of the subscribers' local hours, so up to three overlap.
const SCHEDULERS = 2
const WEB_MIN = 2
const POSTGRES_BASE_BYTES = 2e9
const TOGETHER_CORES_MAX = 8 // A larger machine costs as much as two, and two survive the loss of one.
const HEADROOM = 1.25 // For the system, and for a heap that grows before it is collected.
const PROCESS_BYTES = 0.5e9 // Of a website or a scheduler; a worker's memory is measured.
const SAMPLE = 1_000_000 // Needs grow in proportion to the list, so one size is enough.

export type Plan = ReturnType<typeof planFor>

/** Returns what a list needs. A pure function of the question, the measured costs and the prices. */
export function planFor(question: Question, costs: Costs, prices: Prices) {
  const { subscribers, transport, digestBytes } = question
  const limits = findLimits(question, costs, prices)
  const most = Math.min(...limits.filter(({ whose }) => whose === 'ours').map((limit) => limit.subscribers))
  const installations = Math.ceil(subscribers / most)
  const each = needsOf({ ...question, subscribers: Math.ceil(subscribers / installations) }, costs, prices)
  const tiers = tiersOf(each, installations, costs.transports[transport].workerPeakBytes, prices)
  const fleet = { tiers, machines: tiers.reduce((sum, { machines }) => sum + machines, 0) }
  const trafficTbPerMonth = (subscribers * digestBytes * prices.assumptions.sendingDaysPerMonth) / 1e12
  const provider = providerOf(question, prices)
  const databases = tiers.length > 1 ? 2 : 1
  const diskGb = (each.postgres.diskBytes / 1e9) * installations * databases
  const bill = billOf(prices.currency, [
    ...tiers.map(({ name, machines, machine }) => [name, machines * machine.perMonth] as const),
    [`disks of PostgreSQL${databases === 2 ? ', twice' : ''}`, diskGb * prices.disk.perGbMonth],
    ['traffic', trafficTbPerMonth * prices.network.perTb],
    provider.addresses === null
      ? ['Resend', provider.plan?.perMonth ?? null]
      : ['addresses', provider.addresses * prices.smtp.addressPerMonth],
  ])
  const { rates } = needsOf(question, costs, prices)
  return { question, rates, installations, each, fleet, trafficTbPerMonth, provider, limits, bill }
}

/** Rounds each line up, so that the printed lines add up to the printed sum. A price of null is not published. */
function billOf(currency: string, items: readonly (readonly [name: string, price: number | null])[]) {
  const lines = items.map(([name, price]) => ({ name, perMonth: price === null ? null : Math.ceil(price) }))
  const perMonth = lines.reduce((sum, line) => sum + (line.perMonth ?? 0), 0)
  return { currency, lines, perMonth, complete: lines.every((line) => line.perMonth !== null) }
}

/** Returns how many subscribers each limit allows in the window, the lowest first. A provider raises its limits on request. */
function findLimits(question: Question, costs: Costs, prices: Prices) {
  const { transport, windowSeconds } = question
  const { machines, disk, resend, assumptions } = prices
  const { parcelSize, dispatchCpuMicros, dispatchPostgresMicros } = costs.transports[transport]
  const { postgres, redis, callMs } = needsOf({ ...question, subscribers: SAMPLE }, costs, prices)
  const { cores, memoryGb } = machines.sizes.at(-1) ?? machines.worker
  const callsPerSecond = question.callsPerSecond ?? resend.callsPerSecond
  const ours = {
    'PostgreSQL: cores of the largest machine': (SAMPLE * cores * assumptions.useOfACore) / postgres.cores,
    'PostgreSQL: memory of the largest machine': (SAMPLE * memoryGb * 1e9) / postgres.memoryBytes,
    'PostgreSQL: the largest disk': (SAMPLE * disk.gbMax * 1e9) / postgres.diskBytes,
    'PostgreSQL: operations of the disk': (SAMPLE * disk.operationsPerSecondMax) / postgres.operationsPerSecond,
    'Redis: its one core': (SAMPLE * assumptions.useOfACore) / redis.cores,
    // One dispatcher at a time writes an edition's deliveries, and waits for each page.
    'dispatch: one at a time':
      (windowSeconds * assumptions.useOfACore * 1e6) / (dispatchCpuMicros + dispatchPostgresMicros),
    'dispatch: its window of open deliveries':
      (windowSeconds * bounds.DISPATCH_WINDOW_SUBSCRIBERS * 1_000) / (callMs + bounds.DISPATCH_POLL_MS),
  }
  const theirs = {
    [`Resend: ${callsPerSecond} calls a second`]: callsPerSecond * parcelSize * windowSeconds,
    'Resend: mails a month of the largest published plan':
      (resend.plans.at(-1)?.mails ?? 0) / assumptions.sendingDaysPerMonth,
  }
  const listOf = (whose: 'ours' | 'theirs', limits: Readonly<Record<string, number>>) =>
    Object.entries(limits).map(([name, most]) => ({ name, subscribers: Math.floor(most), whose }))
  const all = [...listOf('ours', ours), ...(transport === 'resend' ? listOf('theirs', theirs) : [])]
  return all.sort((a, b) => a.subscribers - b.subscribers)
}

/** Returns null for `plan` when no published plan is large enough, and for `addresses` over Resend. */
function providerOf({ subscribers, transport }: Question, { assumptions, resend, smtp }: Prices) {
  const mailsPerMonth = subscribers * assumptions.sendingDaysPerMonth
  const warmUp = warmUpOf(subscribers)
  if (transport === 'smtp')
    return { mailsPerMonth, plan: null, addresses: Math.ceil(subscribers / smtp.lettersPerAddressDay), warmUp }
  const plan = resend.plans.find(({ mails }) => mails >= mailsPerMonth) ?? null
  return { mailsPerMonth, plan, addresses: null, warmUp }
}

/** The program's own ramp (WARMUP_START). `days` is null when the ramp ends before it allows the whole list. */
function warmUpOf(subscribers: number) {
  const ramp = { start: day('2026-01-01'), firstDay: bounds.WARM_UP_FIRST_DAY_DEFAULT }
  const allowedOn = (at: number) => allowanceOn(addDays(ramp.start, at), ramp) ?? 0
  const days = Array.from({ length: bounds.WARM_UP_DAYS }, (_, at) => at + 1)
  const lastDayAllows = allowedOn(bounds.WARM_UP_DAYS - 1)
  const enough = days.find((each) => allowedOn(each - 1) >= subscribers) ?? null
  return { days: enough, lastDayAllows, domains: Math.ceil(subscribers / lastDayAllows) }
}

/** Returns what one installation needs: its PostgreSQL, its Redis and the processes on them. Visits to the website do not count. */
function needsOf(question: Question, costs: Costs, prices: Prices) {
  const { transport, subscribers, retentionDays, digestBytes } = question
  const { useOfACore, diskHeadroom, sendingDaysPerMonth, resendCallMs, smtpLetterMs } = prices.assumptions
  const { event, transports } = costs
  const one = transports[transport]
  const [calls, callMs, events] =
    transport === 'smtp'
      ? [bounds.SMTP_CONNECTIONS_DEFAULT, smtpLetterMs, 0]
      : [bounds.SEND_CONCURRENCY, resendCallMs, prices.assumptions.eventsPerLetter]
  const digestsPerSecond = subscribers / question.windowSeconds
  const eventsPerSecond = digestsPerSecond * events
  const gbitPerSecond = (digestsPerSecond * digestBytes * 8) / 1e9
  // A worker is one thread: its core limits it, or the number of calls that it may have under way. Nearly all of its time goes
  // into bytes, so CPU time is in proportion to the size of a digest.
  const byCore = (useOfACore * 1e6) / (one.workerCpuMicros * (digestBytes / one.wireBytes))
  const byCalls = (calls * one.parcelSize * 1_000) / callMs
  const workerRate = Math.min(byCore, byCalls)
  const workers = Math.ceil(digestsPerSecond / workerRate)
  const webCores = (eventsPerSecond * event.webCpuMicros) / 1e6
  const webs = Math.max(WEB_MIN, Math.ceil(webCores / useOfACore))
  // A worker records SMTP calls in a session of its own.
  const connections = (workers + webs + SCHEDULERS) * DATABASE_POOL_MAX + workers
  const sendingDays = (days: number) => (days * sendingDaysPerMonth) / 30
  const dayBytes = subscribers * one.ledgerBytes
  const readersBytes = subscribers * costs.readerBytes
  const deliveriesBytes = dayBytes * sendingDays(retentionDays)
  const eventsBytes = subscribers * events * event.ledgerBytes * sendingDays(ROUTINE_EVENT_DAYS)
  const queuedJobs = (OPEN_EDITIONS * bounds.DISPATCH_WINDOW_SUBSCRIBERS) / one.parcelSize
  const postgresMicros = one.postgresCpuMicros + one.dispatchPostgresMicros
  return {
    subscribers,
    rates: { digestsPerSecond, callsPerSecond: digestsPerSecond / one.parcelSize, eventsPerSecond, gbitPerSecond },
    callMs,
    workerRate,
    workerHeldBy: byCore <= byCalls ? 'its core' : 'the provider’s answers',
    workers,
    webs,
    webCores,
    schedulers: SCHEDULERS,
    postgres: {
      /** Busy cores, without headroom. */
      cores: (digestsPerSecond * postgresMicros + eventsPerSecond * event.postgresCpuMicros) / 1e6,
      // Subscribers and the day's deliveries are read all the time; older rows are read by their keys.
      memoryBytes: readersBytes + dayBytes + connections * costs.connectionBytes + POSTGRES_BASE_BYTES,
      connections,
      readersBytes,
      deliveriesBytes,
      eventsBytes,
      diskBytes: (readersBytes + deliveriesBytes + eventsBytes) * diskHeadroom,
      growthBytesPerMonth: dayBytes * sendingDaysPerMonth,
      walBytesPerDay: subscribers * (one.walBytes + events * event.walBytes),
      // A commit waits for a write of the log. Changed pages follow at the next checkpoint, one for each event.
      operationsPerSecond:
        digestsPerSecond * (one.logWrites + one.pagesWritten) + eventsPerSecond * 2 * event.logWrites,
    },
    redis: {
      cores: (digestsPerSecond * one.redisCpuMicros) / 1e6,
      // Doubled: while Redis rewrites its file, it may hold the old pages and the new ones.
      memoryBytes: 2 * (costs.redisBaseBytes + queuedJobs * costs.redisJobBytes),
    },
  }
}

/** Returns the machines by tier for all installations. `processes` counts those of the program, not PostgreSQL and Redis. */
function tiersOf(needs: ReturnType<typeof needsOf>, installations: number, workerBytes: number, prices: Prices) {
  const { worker, sizes } = prices.machines
  const { workers, webs, schedulers, rates, postgres, redis } = needs
  const { useOfACore } = prices.assumptions
  const others = webs + schedulers
  // The rate of a worker leaves headroom already, and so do the sizes of `together`.
  const cores = (postgres.cores + redis.cores + needs.webCores) / useOfACore + rates.digestsPerSecond / needs.workerRate
  const bytes = postgres.memoryBytes + redis.memoryBytes + workers * workerBytes + others * PROCESS_BYTES
  const together = sizes.find((size) => size.cores >= cores && size.memoryGb * 1e9 >= bytes * HEADROOM)
  const tier = (name: string, machine: Prices['machines']['worker'], each: number, programs = 0) => {
    return { name, machines: each * installations, machine, processes: programs * installations }
  }
  if (installations === 1 && together !== undefined && together.cores <= TOGETHER_CORES_MAX)
    return [tier('everything', together, 1, workers + others)]
  const fits = ({ cores, memoryBytes }: { readonly cores: number; readonly memoryBytes: number }) =>
    sizes.find((size) => size.cores * useOfACore >= cores && size.memoryGb * 1e9 >= memoryBytes) ??
    sizes.at(-1) ??
    worker
  // One process for each core: more wait for each other, and fewer leave a core idle.
  const perMachine = Math.max(1, Math.min(worker.cores, Math.floor((worker.memoryGb * 1e9) / (workerBytes * HEADROOM))))
  const byNetwork = Math.ceil(rates.gbitPerSecond / prices.network.gbitPerSecondOfAMachine)
  const forWorkers = Math.max(2, byNetwork, Math.ceil(workers / perMachine))
  return [
    tier('workers', worker, forWorkers, workers),
    tier('web and scheduler', worker, Math.max(2, Math.ceil(others / worker.cores)), others),
    tier('PostgreSQL and standby', fits(postgres), 2),
    tier('Redis and replica', fits(redis), 2),
  ]
}
