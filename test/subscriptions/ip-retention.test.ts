import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type AdminSite, openAdminSite, PASSWORD_HASH } from '../support/web/admin.ts'
import { DAY_MS, HOUR_MS, openSite, type TestSite } from '../support/web/site.ts'

describe('an IP address', () => {
  /** Every column that may contain an IP address or an email address, and what deletes it. */
  const KNOWN: Readonly<Record<string, string>> = {
    'address_changes.new_address_hash': 'keyed hash; goes with the subscriber',
    'address_changes.new_email': 'goes with the subscriber',
    'address_changes.new_email_key': 'goes with the subscriber',
    'consents.ip': 'shortened, then forgotten',
    'deliveries.address': 'taken out',
    'former_addresses.address_hash': 'keyed hash; goes with the subscriber',
    'former_addresses.email': 'goes with the subscriber',
    'former_addresses.email_key': 'goes with the subscriber',
    'known_login_networks.network_hash': 'keyed hash of an operator’s network',
    'mailbox_mails.mailbox_hash': 'keyed hash',
    'bulk_jobs.address': 'shortened',
    'operator_actions.address': 'shortened',
    'operator_sessions.address': 'shortened',
    'operators.email': 'an operator’s own account',
    'operators.email_key': 'an operator’s own account',
    'sign_ups.address_hash': 'keyed hash; the row goes',
    'sign_ups.email': 'the row goes',
    'sign_ups.email_key': 'the row goes',
    'sign_ups.ip': 'shortened; the row goes',
    'sign_ups.network': 'shortened; the row goes',
    'sign_ups.wide_network': 'as short as that from the start; the row goes',
    'subscribers.address_hash': 'the row goes',
    'subscribers.email': 'the row goes',
    'subscribers.email_key': 'the row goes',
    'suppressions.address_hash': 'keyed hash, which stays',
    'transactional_emails.address': 'taken out',
    'webhook_events.address_hash': 'keyed hash',
    'webhook_events.transactional_email_id': 'names no address',
  }
  let site: TestSite
  let desk: AdminSite
  beforeAll(async () => {
    site = await openSite({ config: { adminPassword: PASSWORD_HASH } })
    desk = await openAdminSite(site.app)
  })
  afterAll(async () => {
    await desk?.close()
    await site?.close()
  })

  it('is stored in full for a day, then as a network, and for a proof of consent for a month', async () => {
    const { pool } = site.app.ledger
    await desk.operator({ 'x-forwarded-for': '2001:db8:a:b:c::d' }).login()
    await desk.operator({ 'x-forwarded-for': '198.51.100.23' }).login('a wrong password')
    const at = site.clock.now
    await pool.query(
      `insert into subscribers (email, email_key, address_hash, state, created_at, updated_at)
       values ('a@example.org', 'a@example.org', 'h', 'active', $1, $1)`,
      [at],
    )
    const ips = ['203.0.113.71', '2001:db8:77:1:2:3:4:5']
    for (const ip of ips) {
      await pool.query(
        `insert into consents (subscriber_id, created_at, kind, form, ip) select id, $1, 'confirmed', 'web', $2 from subscribers`,
        [at, ip],
      )
      await pool.query(
        `insert into sign_ups (id, created_at, state, address_hash, domain, network, ip, form)
         values ($1, $2, 'done', 'h', 'example.org', $3, $4, true)`,
        [randomUUID(), at, ip.includes(':') ? '2001:db8:77:1::/64' : ip, ip],
      )
    }
    const texts = async (statement: string) => (await pool.query(statement)).rows.map((row) => row.text).sort()
    const stored = async () => ({
      consents: await texts('select ip::text as text from consents'),
      signUps: await texts('select ip::text as text from sign_ups'),
      networks: await texts('select network as text from sign_ups'),
      acts: await texts('select distinct address as text from operator_actions where address is not null'),
      sessions: await texts('select address as text from operator_sessions'),
      jobs: await texts('select address as text from bulk_jobs'),
      tries: await texts('select name as text from login_attempts'),
    })
    await pool.query(
      `insert into bulk_jobs (fingerprint, kind, filter, options, reason, who, address, state, expected, through, created_at, updated_at)
       values ('f', 'pause', '{}', '{}', 'r', 'ada', '198.51.100.23', 'done', 0, 0, $1, $1)`,
      [at],
    )
    const pass = async (ms: number) => {
      site.clock.now = new Date(site.clock.now.getTime() + ms)
      await site.app.reconcile({ editions: false })
    }
    await pass(23 * HOUR_MS)
    const whole = await stored()
    expect(whole.consents).toEqual(['2001:db8:77:1:2:3:4:5/128', '203.0.113.71/32'])
    expect(whole.networks).toEqual(['2001:db8:77:1::/64', '203.0.113.71'])
    expect(whole.acts).toEqual(['198.51.100.23', '2001:db8:a:b:c::d'])
    await pass(2 * HOUR_MS)
    const short = ['2001:db8:77::/48', '203.0.113.0/24']
    expect(await stored()).toEqual({
      consents: short,
      signUps: short,
      networks: short,
      acts: ['198.51.100.0/24', '2001:db8:a::/48'],
      sessions: ['2001:db8:a::/48'],
      jobs: ['198.51.100.0/24'],
      tries: [],
    })
    await pass(30 * DAY_MS)
    expect(await stored()).toMatchObject({ consents: [null, null], signUps: [], networks: [] })
  })

  it('is only in the columns that this test lists', async () => {
    const { rows } = await site.app.ledger.pool.query<{ name: string }>(
      `select table_name || '.' || column_name as name from information_schema.columns
       where table_schema = 'public' and table_name !~ '^deliveries_'
         and (data_type in ('inet', 'cidr') or column_name ~ '(^|_)(ip|network|address|email|mailbox)(_|$)') order by 1`,
    )
    expect(rows.map(({ name }) => name).filter((name) => !Object.hasOwn(KNOWN, name))).toEqual([])
  })
})
