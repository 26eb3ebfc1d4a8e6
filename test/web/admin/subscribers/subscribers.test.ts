import { describe, expect, it } from '@jest/globals'
import { readActions } from '../../../../src/ledger/operators/audit.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import { NOW, recordedActions, sendTo, setUpAdmin } from '../admin-test.ts'

const admin = setUpAdmin()

describe('subscribers', () => {
  it('are found by address prefix, domain and state', async () => {
    await addSubscribersFor(admin.app, [
      { email: 'ann@one.example' },
      { email: 'a_n@two.example' },
      { email: 'Ben@one.example' },
    ])
    const found = async (query: string) =>
      [...(await admin.ada.get(`/admin/readers?${query}`)).body.matchAll(/readers\/\d+">([^<]+)</g)].map(
        (match) => match[1],
      )
    expect(await found('q=AN')).toEqual(['ann@one.example'])
    expect(await found('q=a_')).toEqual(['a_n@two.example'])
    expect(await found('q=%40one.example')).toEqual(['Ben@one.example', 'ann@one.example'])
    expect(await found('q=%25')).toEqual([])
    expect(await found('q=an%00n')).toEqual(['ann@one.example'])
    expect(await found('state=suppressed')).toEqual([])
    expect(await found('q=ann%27%20or%20true--')).toEqual([])
  })

  it('are added with a source of consent, once', async () => {
    const fields = { email: 'cai@example.org', consent: 'wrote to us', interests: 'agents;speech' }
    expect(await admin.ada.act('/admin/readers', fields)).toContain('Subscriber added')
    expect(await admin.ada.act('/admin/readers', fields)).toContain('already on the list')
    for (const [wrong, words] of [
      [{ ...fields, email: 'x@y' }, 'Not added'],
      [{ email: 'dee@example.org' }, 'source of their consent'],
      [{ ...fields, email: 'dee@example.org', hour: '25' }, 'hour “25” is not a whole number'],
    ] as const) {
      const answer = await admin.ada.post('/admin/readers', wrong)
      expect([answer.status, answer.body.includes(words), answer.body.includes(`value="${wrong.email}"`)]).toEqual([
        422,
        true,
        true,
      ])
    }
  })

  it('are unsubscribed, suppressed and erased with a reason, by the first of two operators', async () => {
    const [id] = await addSubscribersFor(admin.app, [{ email: 'eve@example.org' }])
    expect(await admin.ada.act(`/admin/readers/${id}/unsubscribe`, { seen: 'active', reason: '' })).toContain(
      'give a reason',
    )
    expect(await admin.ada.act(`/admin/readers/${id}/unsubscribe`, { seen: 'active', reason: 'by phone' })).toContain(
      'Subscriber unsubscribed',
    )
    expect(await admin.bob.act(`/admin/readers/${id}/unsubscribe`, { seen: 'active', reason: 'by phone' })).toContain(
      'another operator or the subscriber',
    )
    expect(await admin.ada.act(`/admin/readers/${id}/suppress`, { reason: 'angry' })).toContain('Address suppressed')
    expect(await admin.bob.act(`/admin/readers/${id}/suppress`, { reason: 'angry' })).toContain(
      'another operator or the subscriber',
    )
    expect(await admin.ada.act(`/admin/readers/${id}/erase`, { reason: 'Art. 17' })).toContain(
      `Subscriber ${id} is erased`,
    )
    expect((await admin.bob.post(`/admin/readers/${id}/erase`, { reason: 'Art. 17' })).location).toBe('/admin/readers')
    expect(await recordedActions(admin)).toEqual(['subscriber.erased', 'suppression.added', 'subscriber.unsubscribed'])
    expect(JSON.stringify(await readActions(admin.app.ledger.db, { limit: 50 }))).not.toContain('eve@')
  })

  it('have a page with their history', async () => {
    const [id] = await sendTo(admin, 1, ['refused'])
    const page = (await admin.ada.get(`/admin/readers/${id}`)).body
    expect(page).toContain('it was refused')
    expect((await admin.ada.get('/admin/readers/999')).status).toBe(404)
    expect((await admin.ada.get('/admin/readers/1%20or%201')).status).toBe(404)
  })

  it('are exported without formulas that a spreadsheet would run', async () => {
    await addSubscribersFor(admin.app, [{ email: 'ann@example.org', interests: ['=HYPERLINK("x")'] }])
    const answer = await admin.ada.post('/admin/readers/export')
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="readers-2026-11-24.csv"')
    expect(answer.body.split('\n')[1]).toMatch(/^ann@example.org,active,"'=HYPERLINK/)
    expect(await recordedActions(admin)).toEqual(['subscribers.exported'])
  })
})

describe('suppressions', () => {
  it('are added and lifted with a reason, after which the subscriber must opt in again', async () => {
    const [id] = await addSubscribersFor(admin.app, [{ email: 'fay@example.org' }])
    const form = { email: 'fay@example.org', reason: 'hard bounces' }
    expect(await admin.ada.act('/admin/suppressions/add', form)).toContain('Address suppressed')
    expect(await admin.bob.act('/admin/suppressions/add', form)).toContain('already suppressed this address')
    expect((await admin.ada.get('/admin/suppressions')).body).toContain('fay@example.org')
    expect(await admin.ada.act('/admin/suppressions/lift', { ...form, reason: 'mailbox is back' })).toContain(
      'Suppression lifted',
    )
    expect(await admin.bob.act('/admin/suppressions/lift', form)).toContain('may have lifted it already')
    expect((await admin.ada.get(`/admin/readers/${id}`)).body).toMatch(/unsubscribed<\/span>/)
  })
})

describe('a long list', () => {
  it('of suppressions with the same time is shown completely, in pages', async () => {
    const hashes = Array.from({ length: 120 }, (_, n) => n.toString(16).padStart(64, '0'))
    await admin.app.ledger.db
      .insertInto('suppressions')
      .values(hashes.map((hash) => ({ address_hash: hash, reason: 'bounced', note: null, created_at: NOW })))
      .execute()
    let pages = 0
    const rows: string[] = []
    for (let path: string | undefined = '/admin/suppressions'; path !== undefined; pages += 1) {
      const { body } = await admin.ada.get(path)
      rows.push(...[...body.matchAll(/<td[^>]*><code>([0-9a-f]{12})</g)].map((match) => match[1] ?? ''))
      path = /href="(\/admin\/suppressions\?after=[^"]+)"/.exec(body)?.[1]
    }
    expect([pages, rows.length]).toEqual([3, 120])
  })

  it('of subscribers ends after its last page', async () => {
    await addSubscribersFor(
      admin.app,
      Array.from({ length: 70 }, (_, n) => ({ email: `p${n}@example.org` })),
    )
    const first = (await admin.ada.get('/admin/readers?q=p')).body
    const next = /href="(\/admin\/readers\?q=p[^"]*before=\d+)"/.exec(first)?.[1]?.replaceAll('&amp;', '&') ?? ''
    const second = (await admin.ada.get(next)).body
    expect([first, second].map((body) => body.match(/readers\/\d+">/g)?.length)).toEqual([50, 20])
    expect(second).not.toContain('Older subscribers')
  })
})
