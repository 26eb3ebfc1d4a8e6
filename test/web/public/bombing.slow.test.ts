import { randomUUID } from 'node:crypto'
import { afterAll, describe, expect, it } from '@jest/globals'
import {
  SIGN_UP_WORK_BITS_MIN,
  SIGN_UPS_PER_FORM_FREE,
  SIGN_UPS_PER_HOUR_FREE,
  SIGN_UPS_PER_IPV6_48_HOUR_FREE,
  SIGN_UPS_PER_LARGE_PROVIDER_HOUR_FREE,
  SIGN_UPS_PER_NETWORK_HOUR_MAX,
  SIGN_UPS_PER_PROVIDER_HOUR_FREE,
  UNPROVEN_SIGN_UPS_PER_HOUR_MAX,
} from '../../../config/limits-subscriptions.ts'
import type { Database } from '../../../src/ledger/schema/database.ts'
import { signForm } from '../../../src/security/form-token.ts'
import { createWeb } from '../../../src/web/app.ts'
import { webDepsOf } from '../../../workers/web.ts'
import { addSubscribersFor, openTestApp, QUICKEST } from '../../support/app.ts'
import { solveWork } from '../../support/web/proof-of-work.ts'
import { openWebsite } from '../../support/web/website.ts'

const HOUR = 3_600_000
/** Two web processes with the same ledger. */
const site = await openWebsite(QUICKEST)
const second = await openTestApp(site.place, site.app.clock)
const webs = [site.web, await createWeb(webDepsOf(second, null))]
afterAll(async () => {
  await webs[1]?.close()
  await second.close()
  await site.close()
})

const post = (index: number, fields: Record<string, string>, ip: string) =>
  (webs[index % 2] ?? site.web).inject({
    method: 'POST',
    url: '/subscribe',
    payload: new URLSearchParams(fields).toString(),
    headers: { 'content-type': 'application/x-www-form-urlencoded', 'x-forwarded-for': ip },
  })
/** Returns different form tokens that are old enough, as a bomber collects them. */
const forms = (count: number) => {
  const start = site.app.clock().getTime()
  site.pass(5_000)
  return Array.from({ length: count }, (_, index) => signForm(site.app.ledger.tokens, new Date(start - index)))
}
/** Runs an attack in a separate hour. Returns the answers by status and the messages that it caused. */
const attack = async (name: string, posts: readonly (() => ReturnType<typeof post>)[]) => {
  const before = (await site.mails()).length
  const answers = new Map<number, number>()
  let next = 0
  const bomb = async () => {
    for (let send = posts[next++]; send !== undefined; send = posts[next++]) {
      const { statusCode } = await send()
      answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1)
    }
  }
  await Promise.all(Array.from({ length: 10 }, bomb))
  const mails = (await site.mails()).length - before
  const told = [...answers].map(([status, count]) => `${count} × ${status}`).join(', ')
  process.stdout.write(`${name}: ${posts.length} posts, ${told}; ${mails} mails\n`)
  site.pass(2 * HOUR)
  return { answers, mails }
}
const each = (count: number, make: (index: number) => ReturnType<typeof post>) =>
  Array.from({ length: count }, (_, index) => () => make(index))
/** Returns a new network in a new wider network. */
const farIp = (index: number) => `10.${index >> 8}.${index & 255}.7`

describe('a bomber without work', () => {
  it('sends one mail to one mailbox, however many spellings, networks and web processes', async () => {
    const tokens = forms(60)
    const spelt = (index: number) =>
      [`ada.lovelace+${index}@gmail.com`, `a.d.a.lovelace+${index}@googlemail.com`, `Ada.Lovelace+x${index}@GMAIL.com`][
        index % 3
      ] ?? ''
    const { answers, mails } = await attack(
      '60 spellings of one mailbox from 60 networks',
      each(60, (index) => post(index, { form: tokens[index] ?? '', email: spelt(index) }, farIp(index))),
    )
    expect(mails).toBe(1)
    // Posts without a message have the same answer as the one with a message. Later ones require work.
    expect([...answers.keys()].every((status) => status === 202 || status === 422)).toBe(true)
  }, 60_000)

  it('reaches few of 1,000 mailboxes of one provider from 1,000 networks', async () => {
    const tokens = forms(1_000)
    const { mails } = await attack(
      '1,000 mailboxes of one provider',
      each(1_000, (index) =>
        post(index, { form: tokens[index] ?? '', email: `person${index}@gmail.com` }, farIp(index)),
      ),
    )
    expect(mails).toBe(SIGN_UPS_PER_LARGE_PROVIDER_HOUR_FREE)
  }, 120_000)

  it.each([
    [
      'one form and one IPv6 site with its many networks',
      (index: number) => ({ ip: `2001:db8:7:${index.toString(16)}::1`, email: `x@town${index}.example`, form: 0 }),
      SIGN_UPS_PER_FORM_FREE,
    ],
    [
      'one IPv6 site with a form for each post',
      (index: number) => ({ ip: `2001:db8:8:${index.toString(16)}::1`, email: `x@burg${index}.example`, form: index }),
      SIGN_UPS_PER_IPV6_48_HOUR_FREE,
    ],
    [
      'sub-domains of one organisation, as a wildcard MX record has',
      (index: number) => ({ ip: farIp(index), email: `x@s${index}.catchall.example`, form: index }),
      SIGN_UPS_PER_PROVIDER_HOUR_FREE,
    ],
  ])('cannot go on with %s', async (name, make, most) => {
    const tokens = forms(100)
    const { mails } = await attack(
      name,
      each(100, (index) => {
        const { ip, email, form } = make(index)
        return post(index, { form: tokens[form] ?? '', email }, ip)
      }),
    )
    expect(mails).toBe(most)
  })

  it.each([
    ['with forms', true, SIGN_UPS_PER_HOUR_FREE],
    ['without forms', false, UNPROVEN_SIGN_UPS_PER_HOUR_MAX],
  ] as const)(
    'of 500 addresses from 50 networks, %s, reaches a bounded number, and nobody twice',
    async (name, withForm, most) => {
      const tokens = forms(600)
      const before = (await site.mails()).length
      const { mails } = await attack(
        `500 addresses from 50 networks, ${name}`,
        each(600, (index) => {
          const email = `${name.replace(' ', '-')}${index % 500}@town${index % 250}.example`
          // New networks: the in-memory limit uses the real time and remembers earlier cases.
          const ip = `172.${withForm ? 16 : 17}.${index % 50}.9`
          return post(index, withForm ? { form: tokens[index] ?? '', email } : { email }, ip)
        }),
      )
      expect(mails).toBeGreaterThan(0)
      expect(mails).toBeLessThanOrEqual(most)
      const to = (await site.mails()).slice(before).map((mail) => [mail.to].flat()[0]?.text)
      expect(new Set(to).size).toBe(to.length)
    },
    120_000,
  )
})

describe('the work', () => {
  it('takes a person past every limit that asks for it, once for each address, in any web process', async () => {
    const [form = '', other = ''] = forms(2)
    // Twice the number that needs no work.
    await fill(site.app.ledger.db, site.app.clock(), 2 * SIGN_UPS_PER_HOUR_FREE)
    const ip = '192.0.2.200'
    const asked = await post(0, { form, email: 'grace@example.org' }, ip)
    expect(asked.statusCode).toBe(422)
    expect(asked.body).toContain('Many people are signing up right now')
    const bits = Number(/data-work="(\d+)"/.exec(asked.body)?.[1])
    expect(bits).toBe(SIGN_UP_WORK_BITS_MIN + 1)
    const { proof, hashes } = solveWork(form, 'grace@example.org', bits)
    process.stdout.write(`one confirmation in a full hour: ${bits} bits, ${hashes} hashes\n`)
    const before = (await site.mails()).length
    const statusOf = async (index: number, fields: Record<string, string>) => (await post(index, fields, ip)).statusCode
    // A proof is valid for one form and one address.
    expect(await statusOf(0, { form, email: 'eve@example.org', proof })).toBe(422)
    expect(await statusOf(1, { form: other, email: 'grace@example.org', proof })).toBe(422)
    const repeats = await Promise.all(
      [0, 1, 2, 3].map((index) => statusOf(index, { form, email: 'grace@example.org', proof })),
    )
    expect(repeats).toEqual([202, 202, 202, 202])
    expect((await site.mails()).length - before).toBe(1)
    const rows = site.app.ledger.db.selectFrom('sign_ups').select('id').where('network', '=', ip)
    expect(await rows.execute()).toHaveLength(1)
    site.pass(2 * HOUR)
  })

  it('cannot be bought where a network is full, and the page says so whatever the address', async () => {
    await addSubscribersFor(site.app, [{ email: 'known@example.org' }])
    await fill(site.app.ledger.db, site.app.clock(), SIGN_UPS_PER_NETWORK_HOUR_MAX, { network: '192.0.2.202' })
    const [form = ''] = forms(1)
    const answers = []
    for (const email of ['known@example.org', 'unknown@example.org']) {
      const { proof } = solveWork(form, email, SIGN_UP_WORK_BITS_MIN + 1)
      answers.push(await post(0, { form, email, proof }, '192.0.2.202'))
    }
    expect(answers.map(({ statusCode, headers }) => [statusCode, headers['retry-after']])).toEqual([
      [429, '3600'],
      [429, '3600'],
    ])
    expect(answers[0]?.body).toBe(answers[1]?.body)
    expect(answers[0]?.body).toContain('Your network has sent a lot of sign-ups')
    site.pass(2 * HOUR)
  })

  it('can be replaced by waiting, where a browser has no JavaScript, and never by being early', async () => {
    await fill(site.app.ledger.db, site.app.clock(), SIGN_UPS_PER_HOUR_FREE)
    const [form = ''] = forms(1)
    const fields = { form, email: 'plain@example.org', slow: '1' }
    const early = await post(0, fields, '192.0.2.201')
    expect(early.statusCode).toBe(422)
    const minutes = Number(/in (\d+) minutes, at \d\d:\d\d UTC/.exec(early.body)?.[1])
    expect(minutes).toBe(5)
    site.pass(minutes * 60_000)
    expect((await post(1, { ...fields, slow: '' }, '192.0.2.201')).statusCode).toBe(422)
    expect((await post(1, fields, '192.0.2.201')).statusCode).toBe(202)
    await site.mails()
    expect(await site.state('plain@example.org')).toBe('pending')
    site.pass(2 * HOUR)
  })
})

/** Writes admitted sign-ups into the last moments. */
async function fill(db: Database, at: Date, count: number, over: { network?: string } = {}): Promise<void> {
  const rows = Array.from({ length: count }, (_, index) => ({
    id: randomUUID(),
    created_at: new Date(at.getTime() - index),
    state: 'done' as const,
    reason: null,
    email: null,
    email_key: null,
    preferences: null,
    address_hash: `hash ${index}`,
    domain: `full${index}.example`,
    network: `hash ${index}`,
    wide_network: null,
    form_hash: null,
    post_hash: null,
    ip: null,
    form: true,
    consent_text_version: null,
    ...over,
  }))
  await db.insertInto('sign_ups').values(rows).execute()
}
