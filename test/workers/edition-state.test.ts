import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { approve } from '../../src/cli/day/approve.ts'
import { jsonOf, linesOf, readStatus } from '../../src/cli/day/status.ts'
import { steer } from '../../src/cli/day/steer.ts'
import { day } from '../../src/domain/day.ts'
import type { SendState } from '../../src/pipeline/state/send-state.ts'
import { sampleSource } from '../../src/sources/sample.ts'
import type { Source } from '../../src/sources/source.ts'
import type { App } from '../../workers/app/app.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { type ResendServer, startResendServer } from '../support/servers/resend/server.ts'
import { type AdminSite, openAdminSite, PASSWORD_HASH, type TestOperator } from '../support/web/admin.ts'

const DAY = day('2026-11-24')
const TOKEN = 'a token of the tests'
const DOMAIN = 'The example.org domain is not verified.'
const ASLEEP: Source = {
  name: 'huggingface',
  listsOnce: true,
  read: async () => ({ kind: 'empty', reason: 'not-open' }),
} as Source

let now = new Date('2026-11-24T05:00:00Z')
let resend: ResendServer
let place: TestInstallation
let app: App
let site: AdminSite
let ada: TestOperator
beforeAll(async () => {
  resend = await startResendServer({ apiKey: 're_test', refuse: ['r7@example.org'] })
  place = await openInstallation(QUICKEST, {
    mail: { transports: ['resend'] },
    resend: { apiKey: 're_test', baseUrl: resend.url, webhookSecret: null },
    edition: { cron: '0 6 * * *', timezone: 'UTC', sources: ['sample'], approval: 'required', canaryPercent: 20 },
    adminPassword: PASSWORD_HASH,
    metricsToken: TOKEN,
  })
  app = await openTestApp(place, () => now)
  const people = Array.from({ length: 12 }, (_, n) => ({
    email: `r${n}@example.org`,
    timezone: 'UTC',
    deliveryHour: n < 10 ? 6 : 7,
  }))
  await addSubscribersFor(app, people)
  site = await openAdminSite(app)
  ada = site.operator()
  await ada.login()
}, 60_000)
afterAll(async () => {
  await site.close()
  await app.close()
  await place.close()
  await resend.close()
})

/** Returns the text of the dashboard's first line, and its state. */
async function onThePage() {
  const { body } = await ada.get('/admin')
  const [, kind = '', html = ''] = /<p class="state" data-state="([\w-]+)">(.*?)<\/p>/s.exec(body) ?? []
  const text = html.replace(/<span class="tag \w+">(.*?)<\/span> /, '$1. ').replace(/<\/?code>/g, '`')
  return { kind, text: text.replaceAll('&#x27;', '’').replaceAll('&quot;', '"') }
}

/** Returns the states whose gauge is not 0. */
async function inTheMetrics() {
  const answer = await fetch(`${site.url}/metrics`, { headers: { authorization: `Bearer ${TOKEN}` } })
  return [...(await answer.text()).matchAll(/^paperround_edition_state\{state="([\w-]+)"\} 1$/gm)].map(([, of]) => of)
}

/** Expects that `status`, its JSON, the dashboard and the metrics all say this. */
async function expectState(kind: SendState['kind'], words: RegExp) {
  const found = await readStatus(app, DAY, false)
  const [line = ''] = linesOf(found, app)
  expect(line).toMatch(words)
  expect(JSON.parse(JSON.stringify(jsonOf(found, app))).state).toMatchObject({ kind, day: DAY })
  expect(await onThePage()).toEqual({ kind, text: line.replace(`${DAY}: `, '') })
  expect(await inTheMetrics()).toEqual([kind])
}

const dispatch = () => app.dispatch(DAY, { kind: 'hour', now }, { waitForWindow: false })
async function deliver() {
  const open = await app.ledger.db.selectFrom('parcels').select('id').where('state', '!=', 'settled').execute()
  for (const { id } of open) await app.deliver(id)
}
const command = (run: (context: ReturnType<typeof commandContext>) => Promise<number>) =>
  run(commandContext(place, () => now))

describe('one morning, as status, its JSON, the dashboard and the metrics show it', () => {
  it('is the same at every step', async () => {
    await expectState('not-published', /no source was asked/)
    await app.publish(DAY, [ASLEEP])
    now = new Date('2026-11-24T05:40:00Z')
    await app.publish(DAY, [ASLEEP])
    await expectState('collecting', /awaited since 05:00 UTC, and its list was last requested at 05:40 UTC/)

    now = new Date('2026-11-24T06:00:00Z')
    await app.publish(DAY, [sampleSource({ clock: app.clock })])
    await expectState('waits-for-approval', /12 subscribers get it after that/)
    expect(await command((context) => approve({ date: DAY }, context))).toBe(0)
    await expectState('canary', /20 % of the subscribers get it first: 0 of 0 digests sent\. 12 others/)
    await dispatch()
    await deliver()
    await expectState('canary', /The first 20 % have it: \d digests? sent, 0 bounces.* until 06:30 UTC/)

    now = new Date('2026-11-24T06:30:00Z')
    await dispatch()
    await expectState('sending', /\d of 10 digests are done/)
    await ada.get('/admin')
    await ada.act('/admin/pause', { day: DAY, seen: 'running' })
    await expectState('paused', /Paused by \S.* at 06:30 UTC\./)
    expect(await command((context) => steer('running', { date: DAY }, context))).toBe(0)

    resend.plant({ when: 'before', kind: 'status', status: 403, name: 'validation_error', message: DOMAIN })
    await deliver()
    await expectState('held-by-provider', /resend is paused since 06:30 UTC.*The example\.org domain is not verified/)
    expect(await command((context) => steer('running', { date: DAY }, context))).toBe(0)
    await deliver()
    await expectState('waits-for-hours', /9 digests are sent, 1 rejected\. 2 subscribers wait .* at 07:00 UTC/)

    now = new Date('2026-11-24T07:00:00Z')
    await expectState('sending', /10 of 10 digests are done.*2 more subscribers are due now/)
    await dispatch()
    await deliver()
    await expectState('finished', /finished with failures\. 11 of 12 digests sent, 1 rejected\. Not everybody has it/)
    expect(await command((context) => steer('cancelled', { date: DAY }, context))).toBe(0)
    await expectState(
      'cancelled',
      /Cancelled by command line \([^)]+\) at 07:00 UTC, permanently\. 11 digests sent, 0 skipped/,
    )
  }, 120_000)
})
