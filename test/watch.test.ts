import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { publishOnly } from '../src/cli/steps.ts'
import { day } from '../src/day.ts'
import { type Alarm, findAlarms, type WatchView, watch } from '../src/watch.ts'
import { readiness } from '../workers/readiness.ts'
import { watchOnce } from '../workers/watch.ts'
import { addReaders, openPlace, openTestApp } from './support/app.ts'
import { commandContext } from './support/command.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const WELL: WatchView = {
  day: day('2026-11-24'),
  hour: 12,
  weekday: 2,
  edition: 'published',
  open: 0,
  waits: null,
  twice: 0,
  unaccounted: 0,
  providerBlocks: [],
}
const RULES = { publishedByHour: 9, finishedByHour: 11 }
const causes = (over: Partial<WatchView>, rules: Parameters<typeof findAlarms>[1] = RULES) =>
  findAlarms({ ...WELL, ...over }, rules).map(({ cause }) => cause)

describe('an alarm', () => {
  it.each<[string, Partial<WatchView>, string[]]>([
    ['keeps still when all is well', {}, []],
    ['goes out when there is no edition by its hour', { edition: 'none' }, ['not-published']],
    ['goes out when the edition has failed', { edition: 'failed' }, ['not-published']],
    ['keeps still before that hour', { edition: 'none', hour: 8 }, []],
    ['keeps still on a Saturday, when no list is made', { edition: 'none', weekday: 6 }, []],
    ['keeps still on a day without papers', { edition: 'empty' }, []],
    ['goes out when mails are open by their hour', { open: 3 }, ['not-finished']],
    [
      'goes out when an edition waits for approval at the hour by which it should be done',
      { waits: 'unapproved' },
      ['unapproved'],
    ],
    ['keeps still before that hour, as long as it waits', { waits: 'unapproved', hour: 10 }, []],
    ['goes out as soon as a canary has stopped the edition', { waits: 'canary-stopped', hour: 7 }, ['canary-stopped']],
    ['goes out when somebody would get two', { twice: 1 }, ['twice']],
    ['goes out when deliveries are missing', { unaccounted: 1 }, ['miscounted']],
    ['goes out when there are more than were written', { unaccounted: -1 }, ['miscounted']],
  ])('%s', (_what, over, wanted) => {
    expect(causes(over)).toEqual(wanted)
  })

  it('goes out for each provider that sends our mails back, with its own words, and once a day', async () => {
    const block = (key: string, domain: string | null) => ({
      key,
      domain,
      subscribers: 12,
      since: new Date('2026-11-24T08:00:00Z'),
      words: '550 5.7.1 blocked, see our page',
    })
    const view = { ...WELL, providerBlocks: [block('a', 'example.com'), block('b', null)] }
    const claimed = new Set<string>()
    const told: Alarm[] = []
    const parts = {
      view: async () => view,
      rules: RULES,
      claim: async ({ cause, about = '' }: Alarm) => claimed.size < claimed.add(`${cause} ${about}`).size,
      tell: async (alarm: Alarm) => void told.push(alarm),
    }
    await watch(parts)
    await watch(parts)
    expect(told.map(({ cause }) => cause)).toEqual(['provider-blocks', 'provider-blocks'])
    expect(told[0]?.text).toContain(
      'example.com sends our mails back: those of 12 subscribers within a day. It says “550 5.7.1 blocked, see our page”.',
    )
  })

  it('keeps still where nobody asked for it, but never about a second mail', () => {
    expect(causes({ edition: 'none', open: 5, twice: 2 }, { publishedByHour: null, finishedByHour: null })).toEqual([
      'twice',
    ])
  })
})

describe('the watch', () => {
  it('tells each alarm once, to the log and to the webhook, though two processes watch and the first post fails', async () => {
    const posts: unknown[] = []
    let refuse = true
    const hook = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        if (!refuse) posts.push(JSON.parse(body))
        response.writeHead(refuse ? 500 : 200).end()
        refuse = false
      })
    })
    await new Promise<void>((resolve) => hook.listen(0, '127.0.0.1', resolve))
    closers.push(async () => hook.close())
    const webhookUrl = `http://127.0.0.1:${(hook.address() as AddressInfo).port}/hook`
    const place = await openPlace('embedded', { alarms: { publishedByHour: 9, finishedByHour: 11, webhookUrl } })
    closers.push(() => place.close())
    const at = new Date('2026-11-24T12:00:00Z')
    const first = await openTestApp(place, () => at)
    closers.push(() => first.close())
    const second = await openTestApp(place, () => at)
    closers.push(() => second.close())
    await watchOnce(first)
    await watchOnce(second)
    await watchOnce(first)
    expect(posts).toEqual([
      {
        day: '2026-11-24',
        cause: 'not-published',
        text: expect.stringMatching(/^The edition of 2026-11-24 is not published/),
      },
    ])
  }, 300_000)
})

describe('readiness', () => {
  it('is lost when work has waited for long and nothing moves, and says so', async () => {
    let now = new Date('2026-11-24T08:00:00Z')
    const place = await openPlace('embedded')
    closers.push(() => place.close())
    const app = await openTestApp(place, () => now)
    closers.push(() => app.close())
    await addReaders(app, [{ email: 'ada@example.org' }])
    expect(
      await publishOnly(
        { date: '2026-11-24', source: ['sample'] },
        commandContext(place, () => now),
      ),
    ).toBe(0)
    await app.dispatch(day('2026-11-24'), { kind: 'everyone' }, { waitForWindow: false })
    expect((await readiness(app)).faults).toEqual([])
    now = new Date('2026-11-24T08:30:00Z')
    expect((await readiness(app)).faults).toEqual([expect.stringMatching(/^progress: .*is a worker running/)])
  }, 300_000)
})
