import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from '@jest/globals'
import { run } from '../src/cli/day/run.ts'
import { steer } from '../src/cli/day/steer.ts'
import { publishOnly } from '../src/cli/day/steps.ts'
import type { Preferences } from '../src/domain/subscriber.ts'
import { findSubscriber, moveSubscriber } from '../src/ledger/subscribers/subscribers.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import {
  addSubscribersFor,
  isPresent,
  openInstallation,
  openTestApp,
  QUICKEST,
  readOutbox,
  SHAPES,
  type Shape,
  type TestInstallation,
} from './support/app.ts'
import { commandContext } from './support/command.ts'
import { expectDigest, papersIn } from './support/sending/contract.ts'

const DATA = join(PACKAGE_ROOT, '../shared/data')
const DAY = '2025-10-14'
const REAL_DAY = `file:${join(DATA, 'hf-daily', `${DAY}.json`)}`
/** All recorded days take a minute and a half, so only every eighth is sent. The days between are as holidays. */
const EVERY = process.env.PAPERROUND_ALL_DAYS === '1' ? 1 : 8
const withData = existsSync(DATA) ? it : it.skip // The recordings are not part of the repository.

const INTERESTS = [
  'sparse retrieval',
  'agents',
  'video generation',
  'robotics',
  'diffusion models',
  'reinforcement learning',
  'reasoning',
  'speech',
  'question answering',
  'vision language models',
  'benchmarks',
  'code generation',
  'long context',
  'image editing',
  '3D',
  'safety',
  'world models',
  'tokenization',
  'medical',
  'mathematics',
]

const places: TestInstallation[] = []
const place = async (...args: Parameters<typeof openInstallation>) => {
  const opened = await openInstallation(...args)
  places.push(opened)
  return opened
}
afterEach(async () => {
  for (const each of places.splice(0)) await each.close()
})
afterAll(() => expect(places).toEqual([]))

/** Readers r0, r1 …, each with two of the interests. */
async function subscribe(at: TestInstallation, count: number, preferences: Partial<Preferences> = {}): Promise<void> {
  const app = await openTestApp(at)
  const subscribers = Array.from({ length: count }, (_, n) => ({
    email: `r${n}@example.org`,
    interests: [INTERESTS[n % 20] ?? '', INTERESTS[(n * 7 + 3) % 20] ?? ''],
    ...preferences,
  }))
  for (let from = 0; from < count; from += 500) await addSubscribersFor(app, subscribers.slice(from, from + 500))
  await app.close()
}

describe.each<[Shape, number]>(
  SHAPES.map((shape) => [shape, shape === 'PostgreSQL and Redis' ? 150 : shape === 'embedded' ? 30 : 60]),
)('a morning on %s', (shape, subscribers) => {
  const test = isPresent(shape) ? withData : it.skip

  test(`gives each of ${subscribers} readers one digest that keeps every promise, and sends nothing when it is run again`, async () => {
    const at = await place(shape)
    await subscribe(at, subscribers)
    const context = commandContext(at)
    expect(await run({ date: DAY, source: [REAL_DAY], wait: true }, context)).toBe(0)
    const mails = await readOutbox(at.outbox)
    expect(new Set(mails.map((mail) => [mail.to].flat()[0]?.text)).size).toBe(subscribers)
    expect(mails).toHaveLength(subscribers)
    for (const mail of mails) expectDigest(mail)
    const first = mails.find((mail) => [mail.to].flat()[0]?.text === 'r1@example.org')
    expect(first?.html).toContain('Matches “agents”')

    expect(await run({ date: DAY, source: [REAL_DAY], wait: true }, context)).toBe(0)
    expect(readdirSync(at.outbox).filter((name) => name.endsWith('.eml'))).toHaveLength(subscribers)
    expect(context.said.join('\n')).toContain(`${subscribers} deliveries = ${subscribers} sent`)
  }, 300_000)
})

describe('a morning', () => {
  withData(
    'of 56 papers with long abstracts fits all of them into one digest under 90 KB, in both templates',
    async () => {
      for (const template of ['mjml', 'react'] as const) {
        const at = await place(QUICKEST, { mail: { template } })
        await subscribe(at, 1, { format: 'abstracts' })
        const source = `file:${join(DATA, 'hf-papers-page.json')}`
        expect(await run({ date: '2025-03-12', source: [source], wait: true }, commandContext(at))).toBe(0)
        const [mail] = await readOutbox(at.outbox)
        if (mail === undefined) throw new Error('no mail')
        expectDigest(mail)
        expect(papersIn(mail)).toHaveLength(56)
      }
    },
    300_000,
  )

  withData(
    'on recorded days, one after the other, never fails and never brings a reader a paper twice',
    async () => {
      const at = await place(QUICKEST)
      const app = await openTestApp(at)
      await addSubscribersFor(app, [
        { email: 'all@example.org', format: 'abstracts' },
        { email: 'short@example.org' },
        { email: 'agents@example.org', interests: ['agents', 'reasoning'], featuredCount: 3 },
        { email: 'weekly@example.org', frequency: 'weekly', weekday: 2, featuredCount: 20 },
      ])
      await app.close()
      const days = readdirSync(join(DATA, 'hf-daily'))
        .map((name) => name.slice(0, 10))
        .sort()
        .filter((_day, at) => at % EVERY === 0)
      for (const day of days) {
        const source = `file:${join(DATA, 'hf-daily', `${day}.json`)}`
        expect([day, await run({ date: day, source: [source], wait: true }, commandContext(at))]).toEqual([day, 0])
      }
      const had = new Map<string, string[]>()
      for (const mail of await readOutbox(at.outbox)) {
        expectDigest(mail)
        const to = [mail.to].flat()[0]?.text ?? ''
        had.set(to, [...(had.get(to) ?? []), ...papersIn(mail)])
      }
      for (const [subscriber, papers] of had)
        expect([subscriber, papers.length]).toEqual([subscriber, new Set(papers).size])
      expect(had.get('all@example.org')?.length).toBeGreaterThan(2_000 / EVERY)
      expect(had.get('short@example.org')?.length).toBeGreaterThan(1_000 / EVERY)
      // The best of each week in short, not all of its papers.
      expect(had.get('weekly@example.org')?.length).toBeGreaterThan(100)
    },
    600_000,
  )

  it('skips a reader who left after the dispatch and before the sending', async () => {
    const at = await place(QUICKEST)
    await subscribe(at, 2)
    expect(await run({ date: DAY, source: ['sample'] }, commandContext(at))).toBe(0)
    const app = await openTestApp(at)
    const left = await findSubscriber(app.ledger.db, 'r0@example.org')
    await moveSubscriber(app.ledger.db, left?.id ?? '', 'unsubscribed', new Date(), 'by link')
    await app.close()
    const context = commandContext(at)
    expect(await run({ date: DAY, source: ['sample'], wait: true }, context)).toBe(0)
    expect((await readOutbox(at.outbox)).map((mail) => [mail.to].flat()[0]?.text)).toEqual(['r1@example.org'])
    expect(context.said.join('\n')).toContain('1 skipped: unsubscribed')
  }, 300_000)

  it('that an operator has paused or cancelled sends nothing and says so, instead of a finished run of nobody', async () => {
    const at = await place(QUICKEST)
    await subscribe(at, 1)
    const context = commandContext(at)
    expect(await publishOnly({ date: DAY, source: ['sample'] }, context)).toBe(0)
    expect(await steer('paused', { date: DAY }, context)).toBe(0)
    for (const wait of [true, false])
      await expect(run({ date: DAY, source: ['sample'], wait }, context)).rejects.toThrow(/Paused by.*resume --date/)
    expect(await steer('cancelled', { date: DAY }, context)).toBe(0)
    await expect(run({ date: DAY, source: ['sample'], wait: true }, context)).rejects.toThrow(
      /cancelled\. Cancelled by .*permanently/,
    )
    expect(existsSync(at.outbox) ? readdirSync(at.outbox) : []).toEqual([])
  }, 300_000)

  it('sends to one reader only when it is told so', async () => {
    const at = await place(QUICKEST)
    await subscribe(at, 3)
    expect(await run({ date: DAY, source: ['sample'], wait: true, only: 'R2@example.org' }, commandContext(at))).toBe(0)
    expect((await readOutbox(at.outbox)).map((mail) => [mail.to].flat()[0]?.text)).toEqual(['r2@example.org'])
  }, 300_000)

  it('without papers sends nothing and says why', async () => {
    const at = await place(QUICKEST, {
      sources: { huggingfaceUrl: 'http://127.0.0.1:1', arxivUrl: 'http://127.0.0.1:1', arxivCategories: ['cs.AI'] },
    })
    await subscribe(at, 1)
    const context = commandContext(at)
    expect(await run({ date: '2025-10-12', source: ['arxiv'], wait: true }, context)).toBe(0) // A Sunday.
    expect(context.said.join('\n')).toMatch(/No edition on 2025-10-12: it is a weekend.*No mail is sent/)
    expect(existsSync(at.outbox) ? readdirSync(at.outbox).filter((name) => name.endsWith('.eml')) : []).toEqual([])
  }, 300_000)
})
