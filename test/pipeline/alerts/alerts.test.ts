import { createServer, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { publishOnly } from '../../../src/cli/day/steps.ts'
import { day } from '../../../src/domain/day.ts'
import { pauseTransport } from '../../../src/ledger/dispatch/open-work.ts'
import { type Alert, type AlertsView, checkAlerts, findAlerts } from '../../../src/pipeline/alerts/alerts.ts'
import { checkAlertsOnce, postAlert } from '../../../workers/alerts.ts'
import { readiness } from '../../../workers/app/web/readiness.ts'
import { openApp } from '../../../workers/app/wiring.ts'
import { addSubscribersFor, openInstallation, openTestApp } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { waitingOf } from '../../support/sending/waiting.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

const WELL: AlertsView = {
  day: day('2026-11-24'),
  hour: 12,
  weekday: 2,
  edition: 'published',
  awaited: null,
  voteless: [],
  open: 0,
  deliveries: 5_000,
  waits: null,
  twice: 0,
  unaccounted: 0,
  sending: {
    at: new Date('2026-11-24T12:00:00Z'),
    waiting: [],
    answers: { answered: 0, refused: 0, uncertain: 0, refusedFor: null, uncertainFor: null },
  },
  providerBlocks: [],
}
const ANSWERS = WELL.sending.answers
const sendingOf = (over: Partial<AlertsView['sending']>) => ({ sending: { ...WELL.sending, ...over } })
const paused = (kind: 'rate' | 'quota' | 'down' | 'sender', since = '2026-11-24T11:50:00Z') =>
  waitingOf({
    why: 'transport-paused',
    transport: 'resend',
    kind,
    reason: 'Resend: words of its own.',
    since: new Date(since),
    nextTryAt: new Date('2026-11-24T12:01:00Z'),
  })
const RULES = { publishedByHour: 9, finishedByHour: 11 }
const causes = (over: Partial<AlertsView>, rules: Parameters<typeof findAlerts>[1] = RULES) =>
  findAlerts({ ...WELL, ...over }, rules).map(({ cause }) => cause)

describe('an alarm', () => {
  it.each<[string, Partial<AlertsView>, string[]]>([
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
    ['goes out when votes cannot be read any more', { voteless: ['huggingface'] }, ['votes-missing']],
    ['goes out when somebody would get two', { twice: 1 }, ['twice']],
    ['goes out when deliveries are missing', { unaccounted: 1 }, ['miscounted']],
    ['goes out when there are more than were written', { unaccounted: -1 }, ['miscounted']],
    ['goes out at once when a provider rejects us', sendingOf({ waiting: [paused('sender')] }), ['sender-rejected']],
    ['goes out at once when a quota is used up', sendingOf({ waiting: [paused('quota')] }), ['quota-used-up']],
    ['keeps still about a rate limit', sendingOf({ waiting: [paused('rate', '2026-11-24T08:00:00Z')] }), []],
    ['keeps still while a transport is down for some minutes', sendingOf({ waiting: [paused('down')] }), []],
    [
      'goes out when it is down for longer',
      sendingOf({ waiting: [paused('down', '2026-11-24T11:45:00Z')] }),
      ['transport-down'],
    ],
    ['keeps still about digests that a server defers', sendingOf({ waiting: [waitingOf()] }), []],
    [
      'goes out when confirmations wait for long',
      sendingOf({ waiting: [waitingOf({ mail: 'transactional', since: new Date('2026-11-24T11:30:00Z') })] }),
      ['transactional-late'],
    ],
    [
      'keeps still while a confirmation is greylisted',
      sendingOf({ waiting: [waitingOf({ mail: 'transactional', since: new Date('2026-11-24T11:31:00Z') })] }),
      [],
    ],
    [
      'goes out when more than a few per cent are refused',
      sendingOf({ answers: { ...ANSWERS, answered: 400, refused: 12 } }),
      ['many-refused'],
    ],
    ['keeps still at two per cent', sendingOf({ answers: { ...ANSWERS, answered: 1_000, refused: 29 } }), []],
    ['keeps still about a few of a short list', sendingOf({ answers: { ...ANSWERS, answered: 20, refused: 9 } }), []],
    [
      'goes out when more are uncertain than a killed worker leaves',
      sendingOf({ answers: { ...ANSWERS, answered: 400, uncertain: 6 } }),
      ['many-uncertain'],
    ],
    ['keeps still about those few', sendingOf({ answers: { ...ANSWERS, answered: 400, uncertain: 5 } }), []],
  ])('%s', (_what, over, wanted) => {
    expect(causes(over)).toEqual(wanted)
  })

  it.each<[string, Partial<AlertsView>, string[]]>([
    [
      'a rejection tells the provider’s words and the remedy',
      sendingOf({ waiting: [paused('sender')] }),
      ['resend is paused since 11:50 UTC: Resend: words of its own.', '`paperround resume`'],
    ],
    [
      'late confirmations tell how many and why',
      sendingOf({ waiting: [waitingOf({ mail: 'transactional', count: 3 })] }),
      ['3 transactional emails, such as confirmations, are late, the oldest since 08:00 UTC.', '450 4.2.0 Greylisted'],
    ],
    [
      'refusals tell the share and the commonest reason',
      sendingOf({ answers: { ...ANSWERS, answered: 400, refused: 12, refusedFor: 'SMTP: 550 5.7.1 blocked' } }),
      ['12 of 400 digests of 2026-11-24 were refused (3.0 %). Most often: SMTP: 550 5.7.1 blocked.'],
    ],
    [
      'digests that are open by their hour tell why',
      { open: 12, ...sendingOf({ waiting: [waitingOf(), waitingOf({ mail: 'transactional', count: 99 })] }) },
      ['12 deliveries of 2026-11-24 are still open at 12:00.', '12 digests wait since 08:00 UTC, deferred: SMTP: 450'],
    ],
  ])('%s', (_what, over, wanted) => {
    const [alert] = findAlerts({ ...WELL, ...over }, RULES)
    for (const words of wanted) expect(alert?.text).toContain(words)
    expect(alert?.text).not.toContain('99')
  })

  it('goes out for each transport that is in trouble', () => {
    const waiting = [paused('sender'), { ...paused('sender'), transport: 'smtp' }]
    const alerts = findAlerts({ ...WELL, ...sendingOf({ waiting }) }, RULES)
    expect(alerts.map(({ cause, about }) => [cause, about])).toEqual([
      ['sender-rejected', 'resend'],
      ['sender-rejected', 'smtp'],
    ])
  })

  it('says what the sources answered, where there is no edition yet', () => {
    const late: Partial<AlertsView> = { edition: 'none', awaited: 'huggingface: no list yet' }
    expect(findAlerts({ ...WELL, ...late }, RULES)[0]?.text).toMatch(
      /is not published at 12:00: huggingface: no list yet\. The sources are asked every 10 minutes/,
    )
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
    const told: Alert[] = []
    const deps = {
      view: async () => view,
      rules: RULES,
      claim: async ({ cause, about = '' }: Alert) => claimed.size < claimed.add(`${cause} ${about}`).size,
      notify: async (alert: Alert) => void told.push(alert),
    }
    expect(findAlerts({ ...view, deliveries: 20_000 }, RULES)).toEqual([])
    await checkAlerts(deps)
    await checkAlerts(deps)
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
    const place = await openInstallation('embedded', { alerts: { publishedByHour: 9, finishedByHour: 11, webhookUrl } })
    closers.push(() => place.close())
    const at = new Date('2026-11-24T12:00:00Z')
    const first = await openTestApp(place, () => at)
    closers.push(() => first.close())
    const second = await openTestApp(place, () => at)
    closers.push(() => second.close())
    await pauseTransport(first.ledger.db, {
      transport: 'outbox',
      kind: 'sender',
      until: new Date('2026-11-24T12:05:00Z'),
      reason: 'SMTP: 550 5.7.1 <ada@example.org>: relay access denied',
      at: new Date('2026-11-24T11:59:00Z'),
    })
    await checkAlertsOnce(first)
    await checkAlertsOnce(second)
    await checkAlertsOnce(first)
    expect(posts).toEqual([
      {
        day: '2026-11-24',
        cause: 'not-published',
        text: expect.stringMatching(/^The edition of 2026-11-24 is not published/),
      },
      {
        day: '2026-11-24',
        cause: 'sender-rejected',
        text: expect.stringMatching(
          /^outbox is paused since 11:59 UTC: SMTP: 550 5.7.1 …: relay access denied\. Next try/,
        ),
      },
    ])
  }, 300_000)
})

describe('the webhook of alarms', () => {
  it('is told at its own address only: a redirect to another server is not followed', async () => {
    const asked: string[] = []
    const listen = async (answer: (response: ServerResponse) => void, name: string) => {
      const server = createServer((_request, response) => {
        asked.push(name)
        answer(response)
      })
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      closers.push(async () => server.close())
      return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
    }
    const inside = await listen((response) => response.end(), 'inside')
    const url = await listen((response) => response.writeHead(307, { location: inside }).end(), 'hook')
    const warnings: unknown[] = []
    const alert = { day: day('2026-11-24'), cause: 'twice' as const, text: 'a second mail' }
    await postAlert(url, alert, { warn: (details) => void warnings.push(details), pause: async () => undefined })
    expect(asked).toEqual(['hook', 'hook', 'hook'])
    expect(warnings[0]).toEqual({ cause: 'twice', tries: 1, reason: 'status 307' })
  })
})

describe('readiness', () => {
  it('is lost when work has waited for long and nothing moves, and says so', async () => {
    let now = new Date('2026-11-24T08:00:00Z')
    const place = await openInstallation('embedded')
    closers.push(() => place.close())
    const app = await openTestApp(place, () => now)
    closers.push(() => app.close())
    await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    expect(
      await publishOnly(
        { date: '2026-11-24', source: ['sample'] },
        commandContext(place, () => now),
      ),
    ).toBe(0)
    await app.dispatch(day('2026-11-24'), { kind: 'everyone' }, { waitForWindow: false })
    expect((await readiness(app)).faults).toEqual([])
    now = new Date('2026-11-24T08:30:00Z')
    const stuck = [expect.stringMatching(/^progress: .*is a worker running/)]
    expect((await readiness(app)).faults).toEqual(stuck)
    // A server has deferred them: they wait for their next try, and are late only when that is over.
    await app.ledger.db
      .updateTable('parcels')
      .set({ next_try_at: new Date('2026-11-24T09:00:00Z'), reason: 'SMTP: 450 4.2.0 greylisted' })
      .execute()
    expect(await readiness(app)).toMatchObject({ faults: [], progress: { oldestOpenAt: null } })
    now = new Date('2026-11-24T09:10:00Z')
    expect((await readiness(app)).faults).toEqual([])
    now = new Date('2026-11-24T09:20:00Z')
    expect((await readiness(app)).faults).toEqual(stuck)
  }, 300_000)

  it('puts right what all share in the embedded database, and tells the log alone', async () => {
    const place = await openInstallation('embedded')
    closers.push(() => place.close())
    const lines: string[] = []
    const app = await openApp(place.config, { log: pino({ base: null }, { write: (line) => lines.push(line) }) })
    closers.push(() => app.close())
    await app.ledger.pool.query(`set search_path = ''; set default_transaction_read_only = on`)
    expect((await readiness(app)).faults).toEqual([])
    expect(lines.join('')).toContain('"default_transaction_read_only = on","search_path = \\"\\""')
    await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    expect((await readiness(app)).faults).toEqual([])
    expect(lines).toHaveLength(1)
  }, 300_000)
})
