import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { removeSubscriber } from '../../src/cli/subscribers/subscribers.ts'
import { commandLine } from '../../src/domain/actor.ts'
import { writeTransactionals } from '../../src/ledger/deliveries/transactional.ts'
import { appendEvent } from '../../src/ledger/reports/events.ts'
import { changeState } from '../../src/ledger/subscribers/subscriber-search.ts'
import { findSubscriber, moveSubscriber, readSubscriber } from '../../src/ledger/subscribers/subscribers.ts'
import { addSuppression, liftSuppression } from '../../src/ledger/subscribers/suppressions.ts'
import type { ProviderEvent } from '../../src/mail/provider-event.ts'
import { addressHasher } from '../../src/security/address-hash.ts'
import { feedbackEnding } from '../../src/security/signed-links.ts'
import { commandContext } from '../support/command.ts'
import { findTraces } from '../support/traces.ts'
import { type AdminSite, openAdminSite, PASSWORD_HASH, type TestOperator } from '../support/web/admin.ts'
import { DAY_MS, linksIn, openSite, type TestSite } from '../support/web/site.ts'

const OPERATOR_IP = '198.51.100.23'

interface Person {
  readonly local: string
  readonly ip: string
  /** All texts that identify the person. */
  readonly texts: readonly string[]
}

const personOf = (local: string, ip: string, networks: readonly string[]): Person => ({
  local,
  ip,
  texts: [local, `${local}@example.org`, `${local}@example.net`, ip, ...networks],
})
const QUENBY = personOf('quenbyx', '203.0.113.71', ['203.0.113.0/24'])
const ORSINO = personOf('orsinox', '2001:db8:77:1::5', ['2001:db8:77:1::/64', '2001:db8:77::/48'])
const IANTHE = personOf('ianthex', '192.0.2.171', ['192.0.2.0/24'])
const ROWENA = personOf('rowenax', '192.0.2.99', [])

describe('an erased subscriber', () => {
  let site: TestSite
  let desk: AdminSite
  let operator: TestOperator
  const ids = new Map<Person, string>()
  beforeAll(async () => {
    site = await openSite({ config: { adminPassword: PASSWORD_HASH } })
    desk = await openAdminSite(site.app)
    operator = desk.operator({ 'x-forwarded-for': OPERATOR_IP })
    for (const person of [QUENBY, ORSINO, IANTHE]) await live(person)
  }, 120_000)
  afterAll(async () => {
    await desk?.close()
    await site?.close()
  })

  const sql = (statement: string, values: unknown[] = []) => site.app.ledger.pool.query(statement, values)
  const record = (event: ProviderEvent, at: Date) =>
    site.app.ledger.deliveries.recordEvent(event, { at, hashOf: addressHasher(site.app.ledger.tokens) })
  const traces = ({ texts }: Pick<Person, 'texts'>) =>
    findTraces(site.app.ledger.pool, site.place.config.dataDir, texts)
  const from = (ip: string) => ({
    headers: {
      'content-type': 'application/x-www-form-urlencoded',
      'sec-fetch-site': 'same-origin',
      'x-forwarded-for': ip,
    },
  })
  const linkIn = (mails: readonly ParsedMail[], kind: string) =>
    mails.flatMap(linksIn).find((link) => link.includes(`/${kind}/`)) ?? `no ${kind} link`

  /** Signs up on the website and confirms, twice from the same address. */
  async function signUp({ local, ip }: Person): Promise<string> {
    const fields = { email: `${local}@example.org`, interests: `of ${local}`, frequency: 'daily', timezone: 'UTC' }
    for (const _time of [1, 2]) {
      const shown = await site.get('/subscribe')
      site.clock.now = new Date(site.clock.now.getTime() + 60_000)
      const form = /name="form" value="([^"]+)"/.exec(shown.body)?.[1] ?? ''
      const answer = await site.post('/subscribe', { ...fields, form, spelling: 'checked' }, from(ip))
      expect(answer.status).toBe(202)
    }
    const { rows } = await sql(`select id from sign_ups where state = 'queued'`)
    for (const { id } of rows) await site.app.processSignUp(id)
    const confirm = linkIn(await site.sendTransactionals(), 'confirm')
    expect((await site.post(confirm, {}, from(ip))).status).toBe(200)
    await site.sendTransactionals()
    return (await findSubscriber(site.app.ledger.db, `${local}@example.org`))?.id ?? ''
  }

  /** Leaves a trace wherever a subscriber can. */
  async function live(person: Person): Promise<void> {
    const { local, ip } = person
    const { db, tokens } = site.app.ledger
    const id = await signUp(person)
    ids.set(person, id)
    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
    await site.morning()
    const { rows: papers } = await sql(
      'select p.id as paper from deliveries d join papers p on p.number = d.paper_numbers[1] where d.subscriber_id = $1',
      [id],
    )
    const subscriber = await readSubscriber(db, id)
    const path = site.app.links.preferences({ id, linkGeneration: subscriber?.linkGeneration ?? 0 })
    await site.post(
      path.replace('/preferences/', '/feedback/').replace(/[^/]+$/, '') + feedbackOf(id, papers[0]?.paper),
    )
    // Changes the address.
    await site.post(path, { section: 'address', email: `${local}@example.net` }, from(ip))
    const moved = linkIn(await site.sendTransactionals(), 'address')
    expect((await site.post(moved, {}, from(ip))).status).toBe(200)
    await site.sendTransactionals()
    // Operators act and enter reasons.
    const typed = `${local}@example.org asked by phone, ${local} said`
    const action = { actor: commandLine(), reason: typed, at: site.clock.now }
    await changeState(db, id, { from: 'active', to: 'unsubscribed' }, action)
    await addSuppression(db, tokens.hashAddress(`${local}@example.net`), action)
    await liftSuppression(db, tokens.hashAddress(`${local}@example.net`), action)
    await moveSubscriber(db, id, 'active', site.clock.now, typed)
    // Mail servers name the mailbox in their answers.
    const words = `550 5.1.1 <${local}@example.net>: mailbox ${local} is over quota`
    const { rows: sent } = await sql('select id, parcel_id from deliveries where subscriber_id = $1', [id])
    const { rows: notices } = await sql('select id from transactional_emails where subscriber_id = $1 limit 1', [id])
    for (const message of [
      { kind: 'delivery' as const, id: String(sent[0]?.id) },
      { kind: 'transactional' as const, id: String(notices[0]?.id) },
    ]) {
      const report = { id: randomUUID(), source: 'resend' as const, kind: 'soft-bounced' as const, message }
      const more = { providerId: null, mayBeOurs: false, reason: words, occurredAt: site.clock.now }
      await record({ ...report, ...more }, site.clock.now)
    }
    await sql(`update deliveries set reason = $2 where subscriber_id = $1`, [id, words])
    await sql(`update transactional_emails set reason = $2 where subscriber_id = $1`, [id, words])
    await sql(`update parcels set reason = $2 where id = $1`, [sent[0]?.parcel_id, words])
    await appendEvent(db, {
      at: site.clock.now,
      kind: 'delivery.refused',
      deliveryId: String(sent[0]?.id),
      data: { reason: words },
    })
    // A message that waits, with its job.
    const transactionalId = randomUUID()
    await writeTransactionals(
      db,
      [{ id: transactionalId, kind: 'known', subscriberId: id, address: `${local}@example.net` }],
      site.clock.now,
    )
    await site.app.queues.add('notice', [{ transactionalId }])
  }

  function feedbackOf(id: string, paper: unknown): string {
    const subscriber = { id, linkGeneration: 0 }
    return (
      new URL(site.app.links.feedback(subscriber) + feedbackEnding(String(paper), 'more')).pathname.split('/').at(-1) ??
      ''
    )
  }

  async function eraseOnThePage(person: Person): Promise<void> {
    const subscriber = await readSubscriber(site.app.ledger.db, ids.get(person) ?? '')
    const path = site.app.links.preferences({
      id: subscriber?.id ?? '',
      linkGeneration: subscriber?.linkGeneration ?? 0,
    })
    expect((await site.post(`${path}/erase`)).body).toContain('Your data is deleted')
  }

  async function eraseByCommand({ local }: Person): Promise<void> {
    const context = commandContext(site.place, () => site.clock.now)
    expect(await removeSubscriber(`${local}@example.net`, { erase: true }, context)).toBe(0)
  }

  async function eraseAsOperator(person: Person): Promise<void> {
    await operator.login()
    await operator.get(`/admin/readers/${ids.get(person)}`)
    expect(await operator.act(`/admin/readers/${ids.get(person)}/erase`, { reason: 'Art. 17' })).toContain('is erased')
  }

  it.each<[string, Person, (person: Person) => Promise<void>]>([
    ['on their own page', QUENBY, eraseOnThePage],
    ['by a command', ORSINO, eraseByCommand],
    ['by an operator', IANTHE, eraseAsOperator],
  ])('%s leaves no address, IP address or network in any table or file', async (_how, person, eraseThem) => {
    const before = await traces(person)
    for (const table of [
      'subscribers',
      'former_addresses',
      'address_changes',
      'consents',
      'sign_ups',
      'transactional_emails',
    ])
      expect(before).toContain(`public.${table}`)
    for (const table of ['parcels', 'events', 'operator_actions', 'webhook_events'])
      expect(before).toContain(`public.${table}`)
    expect(before.filter((name) => name.startsWith('public.deliveries'))).not.toEqual([])
    expect(before).toContain('outbox/index.jsonl')
    expect(before.filter((name) => name.endsWith('.eml')).length).toBeGreaterThanOrEqual(5)
    await eraseThem(person)
    expect(await traces(person)).toEqual([])
    const hash = site.app.ledger.tokens.hashAddress(`${person.local}@example.net`)
    const { rows } = await sql('select reason, note from suppressions where address_hash = $1', [hash])
    expect(rows).toEqual([{ reason: 'erased', note: null }])
  })

  it('leaves none when a message was being sent and its report arrives days later', async () => {
    const id = await signUp(ROWENA)
    // As after a change whose former address was deleted.
    await sql(`update sign_ups set address_hash = 'of a former address' where subscriber_id = $1`, [id])
    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
    await site.morning()
    await sql(`update deliveries set state = 'sending', settled_at = null where subscriber_id = $1`, [id])
    expect(await site.app.erase(id, null)).toBe(true)
    const left = (await traces(ROWENA)).filter((name) => name.startsWith('public.'))
    expect(left.filter((name) => !name.startsWith('public.deliveries'))).toEqual([])
    const words = `550 ${ROWENA.local} is unknown here`
    await sql(`update deliveries set state = 'uncertain', reason = $2 where subscriber_id = $1`, [id, words])
    await site.app.reconcile({ editions: false })
    expect(await traces(ROWENA)).toEqual([])
    const { rows } = await sql('select id from deliveries where subscriber_id = $1', [id])
    const message = { kind: 'delivery' as const, id: String(rows[0]?.id) }
    const report = { id: randomUUID(), source: 'mail' as const, kind: 'bounced' as const, message, providerId: null }
    await record({ ...report, mayBeOurs: false, reason: words, occurredAt: new Date() }, site.clock.now)
    expect(await traces(ROWENA)).toEqual([])
  })

  it('is found by indexes alone, however many others there are', async () => {
    await sql('set enable_seqscan = off')
    const plans: string[] = []
    for (const statement of [
      `delete from sign_ups where subscriber_id = 1`,
      `delete from sign_ups where address_hash = any(array['a']) and state = 'dropped'`,
      `delete from sign_ups where address_hash = any(array['a']) and state <> 'dropped'`,
      `update sign_ups set subscriber_id = 1 where address_hash = 'a' and state = 'dropped'`,
      `update webhook_events set reason = null where transactional_email_id = any(array['${randomUUID()}']::uuid[])`,
      `update webhook_events set reason = null where delivery_id = any(array[1]::bigint[])`,
      `update events set data = '{}' where delivery_id = any(array[1]::bigint[])`,
      `update events set data = '{}' where subscriber_id = any(array[1]::bigint[])`,
      `update operator_actions set reason = null where subscriber_id = any(array[1]::bigint[])`,
      `update transactional_emails set address = '' where subscriber_id = any(array[1]::bigint[])`,
      `update deliveries set address = null where subscriber_id = any(array[1]::bigint[])`,
      `select id from consents where masklen(ip) in (32, 128) and created_at < now() order by created_at limit 10`,
      `select id from sign_ups where masklen(ip) in (32, 128) and created_at < now() order by created_at limit 10`,
    ]) {
      const { rows } = await sql(`explain ${statement}`)
      plans.push(rows.map((row) => row['QUERY PLAN']).join('\n'))
    }
    await sql('reset enable_seqscan')
    expect(plans.filter((plan) => plan.includes('Seq Scan'))).toEqual([])
  })
})
