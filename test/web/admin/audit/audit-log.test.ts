import { beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { AUDIT_PAGE_ROWS, AUDIT_SEARCH_ROWS_MAX } from '../../../../config/limits-web.ts'
import { commandLine } from '../../../../src/domain/actor.ts'
import { day } from '../../../../src/domain/day.ts'
import { searchActions } from '../../../../src/ledger/operators/audit-search.ts'
import { queryOf, readFilter } from '../../../../src/web/admin/audit/audit-query.ts'
import { isPresent } from '../../../support/app.ts'
import { explained } from '../../../support/databases/plans.ts'
import type { TestOperator } from '../../../support/web/admin.ts'
import { openLoginSite } from '../../../support/web/login-site.ts'
import { addTestOperator, loginAs } from '../../../support/web/operators.ts'

const { app, site } = await openLoginSite()
const { db, operators } = app.ledger
const query = (fields: Record<string, string>) =>
  queryOf(
    readFilter((name) => fields[name]),
    null,
  )
/** Returns the names and actions on a page of the log, newest first. */
const entriesIn = (body: string) =>
  [...body.matchAll(/<strong dir="auto">([^<]+)<\/strong> ([^<]+)/g)].map(([, who, words]) => `${who}: ${words}`)

describe('the audit log', () => {
  let bobId = ''
  const DAY = day('2026-11-20')
  beforeAll(async () => {
    await addTestOperator(app, 'Ada', 'owner')
    bobId = await addTestOperator(app, 'Bob', 'editor')
    const bob = { who: 'Bob', address: '203.0.113.7', operatorId: bobId }
    const at = (hour: number) => new Date(Date.parse('2026-11-20T00:00:00Z') + hour * 3_600_000)
    await operators.recordAction(bob, { action: 'edition.paused', day: DAY, reason: 'a "bad" list' }, at(1))
    await operators.recordAction(commandLine(), { action: 'edition.running', day: DAY }, at(23))
    await operators.recordAction(bob, { action: 'subscribers.exported', reason: '=cmd()' }, at(25))
  })
  const ask = async (path: string, as: TestOperator) => entriesIn((await as.get(`/admin/record?${path}`)).body)

  it('says who did what, and finds it by operator, action, day and words', async () => {
    const ada = await loginAs(site, 'Ada')
    const paused = 'Bob: paused the sending'
    const resumed = `${commandLine().who}: resumed the sending`
    const exported = 'Bob: exported the list of subscribers'
    expect(await ask('', ada)).toEqual(['Ada: logged in', exported, resumed, paused])
    expect(await ask(`by=${bobId}`, ada)).toEqual([exported, paused])
    expect(await ask('by=command-line', ada)).toEqual([resumed])
    expect(await ask('action=edition.paused', ada)).toEqual([paused])
    expect(await ask('from=2026-11-20&to=2026-11-20', ada)).toEqual([resumed, paused])
    expect(await ask('q=RESUMED', ada)).toEqual([resumed])
    expect(await ask('q=%22bad%22', ada)).toEqual([paused])
    expect(await ask('q=100%25_', ada)).toEqual([])
    expect(await ask('by=nonsense&action=x&from=2026-02-30', ada)).toHaveLength(4)
  })

  it('keeps the name of that time when an operator is renamed', async () => {
    await db.updateTable('operators').set({ name: 'Robert' }).where('id', '=', bobId).execute()
    expect((await operators.searchActions(query({ by: bobId }))).actions.map(({ who }) => who)).toEqual(['Bob', 'Bob'])
  })

  it('is exported as CSV by the same filter, without formulas, and the export is recorded', async () => {
    const ada = await loginAs(site, 'Ada')
    const { body, headers } = await ada.post('/admin/record/export', { by: bobId })
    expect(headers.get('content-disposition')).toMatch(/attachment; filename="audit-log-\d{4}-\d\d-\d\d\.csv"/)
    const [head, ...lines] = body.trim().split('\n')
    expect(head).toBe('time,operator,name,address,action,words,day,subscriber,reason,before,after')
    expect(lines[0]).toBe(
      `2026-11-21T01:00:00.000Z,${bobId},Bob,203.0.113.7,subscribers.exported,exported the list of subscribers,,,'=cmd(),,`,
    )
    expect(lines[1]).toContain('edition.paused,paused the sending,2026-11-20,,"a ""bad"" list"')
    expect(lines).toHaveLength(2)
    expect((await ask('', ada))[0]).toBe('Ada: exported the audit log')
  })
})

describe('a long audit log', () => {
  const rows = AUDIT_SEARCH_ROWS_MAX + 500
  beforeAll(async () => {
    await db.deleteFrom('operator_actions').execute()
    await sql`insert into operator_actions (created_at, operator_id, who, action, reason)
      select '2026-01-01'::timestamptz + n * interval '1 minute', case when n % 100 = 0 then 7 end, 'Ada',
        case when n % 50 = 0 then 'edition.paused' else 'login.done' end, case when n = 400 then 'a needle' end
      from generate_series(1, ${rows}) n`.execute(db)
    await sql`analyze operator_actions`.execute(db)
  })

  it('is read in pages without gaps, and a search goes on where its share ended', async () => {
    const first = await operators.searchActions(query({ by: '7' }))
    const second = await operators.searchActions({ ...query({ by: '7' }), before: first.next })
    const times = [...first.actions, ...second.actions].map(({ at }) => at.getTime())
    expect(times).toEqual(Array.from({ length: AUDIT_PAGE_ROWS * 2 }, (_, n) => (times[0] ?? 0) - n * 100 * 60_000))
    const search = await operators.searchActions(query({ q: 'needle' }))
    expect([search.actions.length, search.next === null]).toEqual([0, false])
    const further = await operators.searchActions({ ...query({ q: 'needle' }), before: search.next })
    expect([further.actions.length, further.next]).toEqual([1, null])
  })

  const test = isPresent('PostgreSQL') ? it : it.skip
  test.each([[{}], [{ by: '7' }], [{ action: 'edition.paused' }], [{ from: '2026-01-03', to: '2026-01-03' }]])(
    'is searched by an index: %j',
    async (fields) => {
      const plans = explained(app.ledger.pool)
      await searchActions(plans.db, query(fields))
      expect(plans.taken().map(({ how }) => how)).toEqual(['Index Scan'])
    },
  )
})
