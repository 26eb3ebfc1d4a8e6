import { describe, expect, it } from '@jest/globals'
import { addSubscribersFor } from '../../../support/app.ts'
import { recordedActions, setUpAdmin } from '../admin-test.ts'

const admin = setUpAdmin()

describe('subscribers', () => {
  it('are imported by paste or upload after a preview, and no one twice', async () => {
    await addSubscribersFor(admin.app, [{ email: 'known@example.org' }])
    await admin.ada.act('/admin/suppressions/add', { email: 'never@example.org', reason: 'asked us' })
    await admin.ada.get('/admin/readers/import')
    const csv =
      'email,hour\nnew@example.org,7\nnew@example.org,7\nknown@example.org,8\nnever@example.org,8\nbad@,8\nlate@example.org,99\n'
    const send = (what: string, file: boolean) => {
      const form = new FormData()
      for (const [name, value] of Object.entries({ csrf: admin.ada.csrf(), note: 'the fair', do: what }))
        form.set(name, value)
      if (file) form.set('file', new Blob([csv], { type: 'text/csv' }), 'readers.csv')
      else form.set('csv', csv)
      return admin.ada.postRaw('/admin/readers/import', form)
    }
    for (const file of [true, false]) {
      const dry = await send('check', file)
      expect(dry.body).toContain(
        'Nothing has been changed yet: 1 would be added, 2 already known, 1 suppressed, 2 lines with errors.',
      )
    }
    expect((await admin.ada.get('/admin/readers?q=new')).body).toContain('No subscribers match')
    expect((await send('add', true)).body).toContain('1 added')
    expect((await send('add', true)).body).toContain('0 added')
    expect(await recordedActions(admin)).toContain('subscribers.imported')
  })

  it.each([
    ['', 422, 'Choose a file'],
    ['name\nx', 422, 'The list has no column “email”. The first line must name the columns'],
    ['email,shoe size\na@x.org,9', 422, 'columns that are not known: shoe size'],
    ['email\na@x.org', 422, 'add a “consent” column, or fill in “Source of consent”'],
    ['email,consent\n"a@x.org', 200, 'a quotation mark opens here and is never closed'],
    ["email,consent,muted\na@x.org,'=form,graphs;b", 200, '1 would be added, 0 already known'],
  ])('are read from %j as the command line reads them', async (csv, status, words) => {
    await admin.ada.get('/admin/readers/import')
    const form = new FormData()
    form.set('csrf', admin.ada.csrf())
    form.set('csv', csv)
    form.set('do', 'check')
    const answer = await admin.ada.postRaw('/admin/readers/import', form)
    expect([answer.status, answer.body.includes(words)]).toEqual([status, true])
  })

  it('are imported from the export of another program with their states', async () => {
    await addSubscribersFor(admin.app, [{ email: 'ben@example.org' }])
    await admin.ada.get('/admin/readers/import')
    const csv =
      'first_name,email,created_at,status\nA,ann@example.org,2024-01-15,active\nB,ben@example.org,2024-01-15,bounced\nC,cleo@example.org,2024-01-15,inactive\n'
    const send = (what: string) => {
      const form = new FormData()
      for (const [name, value] of Object.entries({ csrf: admin.ada.csrf(), csv, do: what })) form.set(name, value)
      return admin.ada.postRaw('/admin/readers/import', form)
    }
    for (const what of ['check', 'add']) {
      const { body } = await send(what)
      const text = body.replace(/<!-- -->/g, '').replace(/\s+/g, ' ')
      expect(text).toContain('This is an export of Kit')
      expect(text).toContain('1 must not get mail (1 of them subscribed here), and 1 were left out')
    }
    const { rows } = await admin.app.ledger.pool.query('select email, state from subscribers order by email')
    expect(rows).toEqual([
      { email: 'ann@example.org', state: 'active' },
      { email: 'ben@example.org', state: 'suppressed' },
    ])
  })
})
