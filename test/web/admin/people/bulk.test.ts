import { describe, expect, it } from '@jest/globals'
import { readActions } from '../../../../src/ledger/operators/audit.ts'
import { runBulkActions } from '../../../../src/subscriptions/bulk.ts'
import { bulkDepsOf } from '../../../../workers/bulk.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import type { TestOperator } from '../../../support/web/admin.ts'
import { recordedActions, setUpAdmin } from '../admin-test.ts'

const admin = setUpAdmin()
type Fields = Record<string, string>

/** Reads the hidden fields of the page of a bulk action. */
const open = async (who: TestOperator, query: string): Promise<Fields> => {
  const { body } = await who.get(`/admin/readers/bulk?${query}`)
  const fields = [...body.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g)]
  return { reason: 'asked by the lab', ...Object.fromEntries(fields.map(([, name, value]) => [name, value ?? ''])) }
}
const run = () => runBulkActions(bulkDepsOf(admin.app))
/** Starts an action and carries it out. Returns how many subscribers it changed. */
const doIt = async (query: string, fields: Fields): Promise<number | string> => {
  const answer = await admin.ada.post('/admin/readers/bulk', { ...(await open(admin.ada, query)), ...fields })
  if (answer.status !== 303) return /class="message bad"[^>]*>(.*?)<\/div>/s.exec(answer.body)?.[1] ?? answer.body
  await run()
  const [job] = await admin.app.ledger.bulk.listBulkJobs(1)
  return job?.changed ?? Number.NaN
}
const states = async () =>
  Object.fromEntries(
    (await admin.app.ledger.db.selectFrom('subscribers').select(['email', 'state']).orderBy('id').execute()).map(
      ({ email, state }) => [email.split('@')[0], state],
    ),
  )
const add = (...names: string[]) =>
  addSubscribersFor(
    admin.app,
    names.map((name) => ({ email: `${name}@lab.org` })),
  )
const act = (id: string | undefined, name: string, fields: Fields = {}) =>
  admin.ada.act(`/admin/readers/${id}/${name}`, { reason: 'asked by phone', ...fields })

describe('a bulk action', () => {
  it('happens once when two operators press, and only to those whom the page counted', async () => {
    await add('ann', 'ben')
    const [first, second] = [await open(admin.ada, 'q=@lab.org'), await open(admin.bob, 'q=@lab.org')]
    await add('late')
    const pressed = await Promise.all([
      admin.ada.post('/admin/readers/bulk', { ...first, kind: 'add-interest', new_interest: 'speech' }),
      admin.bob.post('/admin/readers/bulk', {
        ...second,
        kind: 'add-interest',
        new_interest: 'speech',
        reason: 'so we agreed',
      }),
    ])
    expect(new Set(pressed.map(({ location }) => location)).size).toBe(1)
    // Two workers at once.
    await Promise.all([run(), run()])
    const rows = await admin.app.ledger.db.selectFrom('subscribers').select('interests').orderBy('id').execute()
    expect(rows.map(({ interests }) => interests)).toEqual([['speech'], ['speech'], []])
    expect(await recordedActions(admin)).toEqual(['subscribers.bulk-finished', 'subscribers.bulk-started'])
    const page = (await admin.ada.get(pressed[0]?.location ?? '')).body
    expect(page).toContain('Every subscriber of the search was looked at')
  })

  it('is refused when more subscribers match than the page counted', async () => {
    const [id] = await add('ann', 'ben')
    await act(id, 'unsubscribe', { seen: 'active' })
    const fields = await open(admin.ada, 'state=active')
    await act(id, 'resubscribe')
    const answer = await admin.ada.post('/admin/readers/bulk', { ...fields, kind: 'unsubscribe' })
    expect(answer.status).toBe(409)
    expect(answer.body).toContain('2 subscribers match now, which is more than the page showed')
    expect(await states()).toEqual({ ann: 'active', ben: 'active' })
  })

  it('never reverts what a subscriber or a complaint decided', async () => {
    const [ann, ben, cai, dee] = await add('ann', 'ben', 'cai', 'dee')
    const { ledger } = admin.app
    await ledger.subscribers.pauseSubscriber({ id: ann ?? '', timezone: 'UTC' }, null, admin.app.clock())
    await act(ben, 'suppress')
    await act(cai, 'unsubscribe', { seen: 'active' })
    expect(await doIt('', { kind: 'pause', until: '2026-12-24' })).toBe(1)
    expect(await states()).toEqual({ ann: 'paused', ben: 'suppressed', cai: 'unsubscribed', dee: 'paused' })
    expect(await doIt('', { kind: 'resume' })).toBe(1)
    expect(await states()).toEqual({ ann: 'paused', ben: 'suppressed', cai: 'unsubscribed', dee: 'active' })
    expect(await doIt('', { kind: 'unsubscribe' })).toBe(2)
    expect(await doIt('', { kind: 'suppress' })).toBe(3)
    expect(new Set(Object.values(await states()))).toEqual(new Set(['suppressed']))
    expect(await doIt('', { kind: 'resume' })).toBe(0)
    expect((await ledger.reports.readSubscriberEvents(dee ?? '', 9)).map(({ kind }) => kind)).toEqual([
      'subscriber.suppressed',
      'subscriber.unsubscribed',
      'subscriber.active',
      'subscriber.paused',
    ])
  })

  it('adds and removes an interest once, within the limit, and is seen in each history', async () => {
    const [id] = await addSubscribersFor(admin.app, [
      { email: 'ann@lab.org', interests: ['Speech'] },
      { email: 'ben@lab.org', interests: Array.from({ length: 20 }, (_, n) => `topic ${n}`) },
      { email: 'cai@lab.org' },
    ])
    expect(await doIt('', { kind: 'add-interest', new_interest: 'speech' })).toBe(1)
    expect(await doIt('', { kind: 'add-interest', new_interest: '' })).toContain('Enter an interest')
    expect(await doIt('', { kind: 'remove-interest', new_interest: 'SPEECH' })).toBe(2)
    const page = (await admin.ada.get(`/admin/readers/${id}`)).body
    expect(page).toContain('interests: Speech → none · asked by the lab · by an operator')
  })

  it('sends a confirmation mail again, once a day, for the same as before', async () => {
    for (const name of ['ann', 'ben'])
      await admin.ada.act('/admin/readers', { email: `${name}@lab.org`, consent: 'the fair', confirm: 'yes' })
    const { db } = admin.app.ledger
    const dayBefore = new Date(admin.app.clock().getTime() - 25 * 3_600_000)
    const preferences = JSON.stringify({ interests: ['speech'] })
    await db
      .updateTable('confirmations')
      .set({ created_at: dayBefore, form: 'web', consent_text_version: '2026-11', preferences })
      .where('subscriber_id', '=', (eb) => eb.selectFrom('subscribers').select('id').where('email', '=', 'ann@lab.org'))
      .execute()
    expect(await doIt('state=pending', { kind: 'confirm' })).toBe(1)
    expect(await doIt('state=pending', { kind: 'confirm' })).toBe(0)
    const rows = await db
      .selectFrom('confirmations')
      .select(['form', 'consent_text_version as wording', 'preferences'])
      .orderBy('created_at', 'desc')
      .execute()
    expect(rows.filter(({ wording }) => wording !== null)).toEqual([
      { form: 'web', wording: '2026-11', preferences: { interests: ['speech'] } },
      { form: 'web', wording: '2026-11', preferences: { interests: ['speech'] } },
    ])
  })

  it('erases only after the number was typed, and keeps no address', async () => {
    await add(...Array.from({ length: 45 }, (_, n) => `reader-${n}`))
    await add('other')
    expect(await doIt('q=reader', { kind: 'erase', typed: 'erase 46' })).toContain('type: erase 45')
    expect(await doIt('q=reader', { kind: 'erase', typed: 'Erase 45' })).toBe(45)
    expect(await states()).toEqual({ other: 'active' })
    const [job] = await admin.app.ledger.bulk.listBulkJobs(1)
    expect(job?.filter).toEqual({ q: '…' })
    const actions = await readActions(admin.app.ledger.db, { limit: 100 })
    expect(actions.filter(({ action }) => action === 'subscriber.erased').length).toBe(45)
    expect(JSON.stringify(actions)).not.toContain('reader-')
  })

  it('goes on after a crash without repeating a batch, and can be stopped', async () => {
    const { ledger } = admin.app
    await ledger.pool.query(`
      insert into subscribers (email, email_key, address_hash, state, created_at, updated_at)
      select n || '@lab.org', n || '@lab.org', md5(n::text), 'active', now(), now() from generate_series(1, 1200) as n`)
    const deps = bulkDepsOf(admin.app)
    const { location } = await admin.ada.post('/admin/readers/bulk', {
      ...(await open(admin.ada, '')),
      kind: 'add-interest',
      new_interest: 'speech',
    })
    let batches = 0
    await runBulkActions(deps, () => batches++ === 1)
    // The next batch fails at its last statement, after it changed its subscribers.
    await ledger.pool.query(`
      alter table events add constraint broken check (kind <> 'subscriber.preferences') not valid`)
    await expect(run()).rejects.toThrow('broken')
    await ledger.pool.query('alter table events drop constraint broken')
    expect((await admin.ada.get(location)).body).toContain('500 of 1,200 looked at')
    batches = 0
    await runBulkActions(deps, () => batches++ === 1)
    expect(await admin.bob.act(`${location}/stop`)).toContain('What was changed before stays changed')
    expect(await admin.ada.act(`${location}/stop`)).toContain('had already ended')
    expect(await run()).toBe(0)
    const { rows } = await ledger.pool.query(
      `select cardinality(interests) as count, count(*) as many from subscribers group by 1 order by 1`,
    )
    expect(rows.map(({ count, many }) => [count, Number(many)])).toEqual([
      [0, 200],
      [1, 1_000],
    ])
    expect(await recordedActions(admin)).toEqual(['subscribers.bulk-stopped', 'subscribers.bulk-started'])
  })
})
