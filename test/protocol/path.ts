import { sql } from 'kysely'
import type { Fate } from './provider.ts'
import { isIn, type Subscriber, type World } from './world.ts'

const MINUTE_MS = 60_000
const FATES: readonly (readonly [number, Fate])[] = [
  [4, 'taken'],
  [3, 'taken, answer lost'],
  [2, 'not taken'],
  [2, 'late'],
  [5, 'taken, answer lost, then an outage'],
  [2, 'not taken, an outage'],
  [2, 'rate'],
  [1, 'quota'],
  [1, 'down'],
  [1, 'sender'],
  [2, 'deferred'],
  [1, 'refuses one'],
  [1, 'whole refused'],
]
const PASSES_MS = [1_000, 5_000, 12_000, 30_000, 2 * MINUTE_MS, 16 * MINUTE_MS, 6 * 60 * MINUTE_MS]

/** Walks one path: each number of the tape chooses among what may happen next. Then everything is well, and it ends. */
export async function walk(world: World, tape: readonly number[], tell: (line: string) => void): Promise<void> {
  const numbers = tape.values()
  const next = () => numbers.next().value ?? 0
  world.fate = () => {
    const fate = weighted(FATES, next())
    tell(`    ${fate}`)
    return fate
  }
  await world.dispatch(pick(world.workers, 0), world.days[0] ?? world.input.day)
  for (const number of numbers) {
    const [name, act] = weighted(movesOf(world, next), number)
    tell(name)
    await act()
  }
  world.fate = () => 'taken'
  world.hopeful = await findHopeful(world)
  await heal(world, tell)
}

type Move = readonly [string, () => Promise<void> | void]

function movesOf(world: World, next: () => number): (readonly [number, Move])[] {
  const worker = pick(world.workers, next())
  const subscriber = pick(world.input.subscribers, next())
  const day = pick(world.days, next())
  const actor = worker.actors.length === 0 ? null : pick(worker.actors, next())
  const jobs = pickSome([...world.jobs], next(), world.input.keyLifeMs === 0 ? 3 : 1)
  const place = world.workers.indexOf(worker)
  const late = world.providers.find((provider) => provider.late.length > 0)
  return [
    [
      actor === null || worker.stopped ? 0 : 30,
      [
        `worker ${place}: ${actor?.name} goes on from “${actor?.at}”`,
        async () => {
          await actor?.step()
          if (actor?.ended) worker.actors.splice(worker.actors.indexOf(actor), 1)
        },
      ],
    ],
    [
      jobs.length === 0 || worker.stopped ? 0 : 12,
      [`worker ${place} takes ${jobs.map((job) => job.slice(-4)).join(' ')}`, () => world.take(worker, jobs)],
    ],
    [actor === null || worker.stopped ? 0 : 12, [`worker ${place} finishes what it is at`, () => finish(worker)]],
<<<<<<< HEAD
    // The worst moment is after a call and before its record.
    [actor?.at === 'answer' ? 12 : 4, [`worker ${place} is killed`, () => world.crash(worker)]],
=======
    [4, [`worker ${place} is killed`, () => world.crash(worker)]],
    [
      actor === null || worker.stopped ? 0 : 6,
      [`worker ${place} is killed at its next answer`, () => killAtAnswer(world, worker)],
    ],
>>>>>>> house
    [3, [`worker ${place} ${worker.stopped ? 'continues' : 'is stopped'}`, () => stopOrContinue(worker)]],
    [9, time(world, next())],
    [7, ['reconcile', () => world.reconcile()]],
    [2, [`dispatch ${day}`, () => (worker.stopped ? undefined : world.dispatch(worker, day))]],
    [2, ['the queue is lost', () => world.jobs.clear()]],
    [3, [`${subscriber.email} unsubscribes`, () => world.leave(subscriber, 'unsubscribed')]],
    [1, [`${subscriber.email} is suppressed`, () => world.leave(subscriber, 'suppressed')]],
    [2, [`${subscriber.email} comes back`, () => world.comeBack(subscriber)]],
    [2, [`the database is ${world.databaseDown ? 'up' : 'down'}`, () => downOrUp(world)]],
    [late === undefined ? 0 : 4, ['a late call arrives', () => late?.arrive()]],
    [1, [`${day} is paused`, () => (world.databaseDown ? undefined : world.steer(day, 'paused'))]],
    [1, [`${day} runs`, () => (world.databaseDown ? undefined : world.steer(day, 'running'))]],
  ]
}

async function finish(worker: World['workers'][number]): Promise<void> {
  for (const actor of worker.actors.splice(0))
    for (let steps = 0; !actor.ended; steps += 1) {
      // One that waits for the database waits on.
      if (steps === 60) {
        worker.actors.push(actor)
        break
      }
      await actor.step()
    }
}

/** Kills a worker while the answer to a call is on its way, which seldom happens by itself. */
async function killAtAnswer(world: World, worker: World['workers'][number]): Promise<void> {
  const [actor] = worker.actors
  for (let steps = 0; steps < 20 && actor?.ended === false && actor.at !== 'answer'; steps += 1) await actor.step()
  await world.crash(worker)
}

function stopOrContinue(worker: World['workers'][number]): void {
  worker.stopped = !worker.stopped
}

function downOrUp(world: World): void {
  world.databaseDown = !world.databaseDown
}

function time(world: World, number: number): Move {
  const ms = pick(PASSES_MS, number)
  return [`${ms / 1_000} s pass`, () => world.pass(ms)]
}

/** Open deliveries of readers who stayed, under keys that live for long yet, if the provider knows keys. */
async function findHopeful(world: World): Promise<Set<string>> {
  const youngest = new Date(world.now.getTime() - world.input.keyLifeMs / 6)
  const { rows } = await sql<{ id: string; subscriber: string }>`
    select d.id, d.subscriber_id as subscriber from deliveries d join parcels p on p.id = d.parcel_id
    where d.day = any(${world.days}::date[]) and d.state = 'sending' and p.first_call_at > ${youngest}
      and d.id <> all(p.excluded_delivery_ids)`.execute(world.input.ledger.db)
  const stayed = new Set(world.input.subscribers.filter(isIn).map(({ id }) => id))
  return new Set(rows.filter(({ subscriber }) => stayed.has(subscriber)).map(({ id }) => id))
}

/** Everything works again: whatever the path left open must settle. */
async function heal(world: World, tell: (line: string) => void): Promise<void> {
  tell('all is well again')
  world.databaseDown = false
  for (const worker of world.workers) worker.stopped = false
  for (const day of world.days) {
    await world.steer(day, 'running')
    const [worker] = world.workers
    if (worker === undefined) throw new Error('no worker')
    await world.dispatch(worker, day)
  }
  for (let round = 0; round < 60; round += 1) {
    for (const worker of world.workers) await finish(worker)
    if ((await countUnsettled(world)) === 0) return
    await world.pass(round % 10 === 9 ? 6 * 60 * MINUTE_MS : 4 * MINUTE_MS)
    await world.reconcile()
    for (const job of [...world.jobs]) await world.take(pick(world.workers, round), [job])
  }
}

export async function countUnsettled(world: World): Promise<number> {
  const { rows } = await sql<{ open: string }>`
    select (select count(*) from deliveries where day = any(${world.days}::date[]) and state in ('queued', 'sending'))
      + (select count(*) from parcels where day = any(${world.days}::date[]) and state <> 'settled') as open`.execute(
    world.input.ledger.db,
  )
  return Number(rows[0]?.open)
}

/** Returns the broken invariants at the end of a path, as sentences. */
export async function findBroken(world: World): Promise<string[]> {
  const { db } = world.input.ledger
  const broken = [...world.broken]
  if ((await countUnsettled(world)) > 0) broken.push('something is not settled')
  const deliveries = await db
    .selectFrom('deliveries')
    .select(['id', 'subscriber_id', 'state', 'day', 'reason'])
    .where('day', 'in', world.days)
    .execute()
  const { log } = world
  for (const { id, state, reason } of deliveries) {
    const times = log.filter(({ deliveryId }) => deliveryId === id).length
    if (times > 1) broken.push(`delivery ${id} was sent ${times} times`)
    if (state === 'uncertain' && world.hopeful.has(id))
      broken.push(`delivery ${id} is uncertain, though its key lived and its reader stayed`)
    if (state === 'sent' && times === 0) broken.push(`delivery ${id} is lost: it counts as sent`)
    if ((state === 'skipped' || state === 'refused') && times > 0)
      broken.push(`delivery ${id} is ${state} and was sent: ${reason}`)
  }
  for (const subscriber of world.input.subscribers) broken.push(...findWronged(world, subscriber))
  const rowsOf = (subscriber: Subscriber) => deliveries.filter((row) => row.subscriber_id === subscriber.id).length
  for (const subscriber of world.input.subscribers.filter(isIn))
    if (rowsOf(subscriber) !== world.days.length)
      broken.push(`${subscriber.email} is on the list and has ${rowsOf(subscriber)} deliveries`)
  return broken
}

function findWronged({ log }: World, subscriber: Subscriber): string[] {
  const mails = log.filter(({ address }) => address === subscriber.email)
  const papers = mails.flatMap((mail) => mail.papers)
  const broken = mails
    .filter(({ claimedAt }) => {
      const left = subscriber.left.findLast((at) => at < claimedAt)
      return left !== undefined && !subscriber.back.some((at) => at > left && at < claimedAt)
    })
    .map(() => `${subscriber.email} was mailed on a claim made after leaving`)
  return new Set(papers).size === papers.length ? broken : [...broken, `${subscriber.email} was sent a paper twice`]
}

function pick<T>(from: readonly T[], number: number): T {
  const picked = from[number % from.length]
  if (picked === undefined) throw new Error('nothing to pick from')
  return picked
}

/** Picks up to `max` that follow each other. */
function pickSome<T>(from: readonly T[], number: number, max: number): T[] {
  const start = from.length === 0 ? 0 : Math.floor(number / max) % from.length
  return from.slice(start, start + 1 + (number % max))
}

function weighted<T>(from: readonly (readonly [number, T])[], number: number): T {
  let left = number % from.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, value] of from) {
    if (left < weight) return value
    left -= weight
  }
  throw new Error('weights do not add up')
}
