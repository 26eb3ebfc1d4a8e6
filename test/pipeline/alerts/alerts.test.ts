import { describe, expect, it } from '@jest/globals'
import { day } from '../../../src/domain/day.ts'
import { type Alert, type AlertsView, checkAlerts, findAlerts } from '../../../src/pipeline/alerts/alerts.ts'
import { waitingOf } from '../../support/sending/waiting.ts'
import { at, editionOf, stateOf } from '../state/facts.ts'

const WELL: AlertsView = {
  day: day('2026-11-24'),
  hour: 12,
  weekday: 2,
  state: stateOf({ edition: editionOf({}) }),
  voteless: [],
  open: 0,
  deliveries: 5_000,
  twice: 0,
  unaccounted: 0,
  sending: {
    at: new Date('2026-11-24T12:00:00Z'),
    waiting: [],
    answers: { answered: 0, refused: 0, uncertain: 0, refusedFor: null, uncertainFor: null },
  },
  providerBlocks: [],
}
const UNAPPROVED = stateOf({ edition: editionOf({}, { needsApproval: true }) })
const STOPPED = stateOf({ edition: editionOf({ bounced: 1 }, { canary: 'stopped', sending: 'paused' }) })
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

describe('an alert', () => {
  it.each<[string, Partial<AlertsView>, string[]]>([
    ['is not raised when all is well', {}, []],
    ['is raised when there is no edition by its hour', { state: stateOf({}) }, ['not-published']],
    [
      'is raised when the edition has failed',
      { state: stateOf({ edition: editionOf({}, { state: 'failed' }) }) },
      ['not-published'],
    ],
    ['is not raised before that hour', { state: stateOf({}), hour: 8 }, []],
    ['is not raised on a Saturday, when no list is published', { state: stateOf({}), weekday: 6 }, []],
    [
      'is not raised on a day without papers',
      { state: stateOf({ edition: editionOf({}, { state: 'empty', reason: 'holiday' }) }) },
      [],
    ],
    ['is raised when deliveries are open at their hour', { open: 3 }, ['not-finished']],
    [
      'is raised when an edition waits for approval at the hour by which it should be done',
      { state: UNAPPROVED },
      ['unapproved'],
    ],
    ['is not raised before that hour while the edition waits', { state: UNAPPROVED, hour: 10 }, []],
    ['is raised as soon as a canary has stopped the edition', { state: STOPPED, hour: 7 }, ['canary-stopped']],
    ['is raised when votes can no longer be read', { voteless: ['huggingface'] }, ['votes-missing']],
    ['is raised when somebody would get two digests', { twice: 1 }, ['twice']],
    ['is raised when deliveries are missing', { unaccounted: 1 }, ['miscounted']],
    ['is raised when there are more deliveries than were written', { unaccounted: -1 }, ['miscounted']],
    ['is raised at once when a provider rejects us', sendingOf({ waiting: [paused('sender')] }), ['sender-rejected']],
    ['is raised at once when a quota is used up', sendingOf({ waiting: [paused('quota')] }), ['quota-used-up']],
    ['is not raised about a rate limit', sendingOf({ waiting: [paused('rate', '2026-11-24T08:00:00Z')] }), []],
    ['is not raised while a transport is down for some minutes', sendingOf({ waiting: [paused('down')] }), []],
    [
      'is raised when a transport is down for longer',
      sendingOf({ waiting: [paused('down', '2026-11-24T11:45:00Z')] }),
      ['transport-down'],
    ],
    ['is not raised about digests that a server defers', sendingOf({ waiting: [waitingOf()] }), []],
    [
      'is raised when transactional emails wait for long',
      sendingOf({ waiting: [waitingOf({ mail: 'transactional', since: new Date('2026-11-24T11:30:00Z') })] }),
      ['transactional-late'],
    ],
    [
      'is not raised while a confirmation is greylisted',
      sendingOf({ waiting: [waitingOf({ mail: 'transactional', since: new Date('2026-11-24T11:31:00Z') })] }),
      [],
    ],
    [
      'is raised when more than a few per cent are refused',
      sendingOf({ answers: { ...ANSWERS, answered: 400, refused: 12 } }),
      ['many-refused'],
    ],
    ['is not raised at two per cent', sendingOf({ answers: { ...ANSWERS, answered: 1_000, refused: 29 } }), []],
    ['is not raised about a few of a short list', sendingOf({ answers: { ...ANSWERS, answered: 20, refused: 9 } }), []],
    [
      'is raised when more are uncertain than a killed worker leaves',
      sendingOf({ answers: { ...ANSWERS, answered: 400, uncertain: 6 } }),
      ['many-uncertain'],
    ],
    [
      'is not raised about a few uncertain digests',
      sendingOf({ answers: { ...ANSWERS, answered: 400, uncertain: 5 } }),
      [],
    ],
  ])('%s', (_what, over, wanted) => {
    expect(causes(over)).toEqual(wanted)
  })

  it.each<[string, Partial<AlertsView>, string[]]>([
    [
      'about a rejection has the provider’s words and the remedy',
      sendingOf({ waiting: [paused('sender')] }),
      ['resend is paused since 11:50 UTC: Resend: words of its own.', '`paperround resume`'],
    ],
    [
      'about late transactional emails says how many and why',
      sendingOf({ waiting: [waitingOf({ mail: 'transactional', count: 3 })] }),
      ['3 transactional emails, such as confirmations, are late, the oldest since 08:00 UTC.', '450 4.2.0 Greylisted'],
    ],
    [
      'about refusals has the share and the most frequent reason',
      sendingOf({ answers: { ...ANSWERS, answered: 400, refused: 12, refusedFor: 'SMTP: 550 5.7.1 blocked' } }),
      ['12 of 400 digests of 2026-11-24 were refused (3.0 %). Most often: SMTP: 550 5.7.1 blocked.'],
    ],
    [
      'about digests that are open at their hour says why',
      { open: 12, ...sendingOf({ waiting: [waitingOf(), waitingOf({ mail: 'transactional', count: 99 })] }) },
      ['12 deliveries of 2026-11-24 are still open at 12:00.', '12 digests wait since 08:00 UTC, deferred: SMTP: 450'],
    ],
  ])('%s', (_what, over, wanted) => {
    const [alert] = findAlerts({ ...WELL, ...over }, RULES)
    for (const words of wanted) expect(alert?.text).toContain(words)
    expect(alert?.text).not.toContain('99')
  })

  it('is raised for each transport that has a fault', () => {
    const waiting = [paused('sender'), { ...paused('sender'), transport: 'smtp' }]
    const alerts = findAlerts({ ...WELL, ...sendingOf({ waiting }) }, RULES)
    expect(alerts.map(({ cause, about }) => [cause, about])).toEqual([
      ['sender-rejected', 'resend'],
      ['sender-rejected', 'smtp'],
    ])
  })

  it('says what the sources answered if there is no edition yet', () => {
    const awaited = {
      day: WELL.day,
      askedAt: at('11:55'),
      sources: ['huggingface'],
      reason: 'huggingface: no list yet',
    }
    const late: Partial<AlertsView> = { state: stateOf({ awaited }) }
    expect(findAlerts({ ...WELL, ...late }, RULES)[0]?.text).toMatch(
      /^Nothing is published at 12:00\. .*does not exist yet \(huggingface: no list yet\).* then every 10 minutes/,
    )
  })

  it('is raised once a day for each provider that sends our mails back, with its words', async () => {
    const block = (key: string, domain: string | null) => ({
      key,
      domain,
      subscribers: 12,
      since: new Date('2026-11-24T08:00:00Z'),
      words: '550 5.7.1 blocked, see our page',
    })
    const view = { ...WELL, providerBlocks: [block('a', 'example.com'), block('b', null)] }
    const claimed = new Set<string>()
    const raised: Alert[] = []
    const deps = {
      view: async () => view,
      rules: RULES,
      claim: async ({ cause, about = '' }: Alert) => claimed.size < claimed.add(`${cause} ${about}`).size,
      notify: async (alert: Alert) => void raised.push(alert),
    }
    expect(findAlerts({ ...view, deliveries: 20_000 }, RULES)).toEqual([])
    await checkAlerts(deps)
    await checkAlerts(deps)
    expect(raised.map(({ cause }) => cause)).toEqual(['provider-blocks', 'provider-blocks'])
    expect(raised[0]?.text).toContain(
      'example.com sends our mails back: those of 12 subscribers within a day. It says “550 5.7.1 blocked, see our page”.',
    )
  })

  it('is not raised for an hour that is not configured, but always about a second digest', () => {
    expect(causes({ state: stateOf({}), open: 5, twice: 2 }, { publishedByHour: null, finishedByHour: null })).toEqual([
      'twice',
    ])
  })
})
