import { describe, expect, it } from '@jest/globals'
import { readEdition } from '../../../../src/ledger/editions/editions.ts'
import { readActions } from '../../../../src/ledger/operators/audit.ts'
import { DAY, paperOrder, publishPapers, sendTo, setUpAdmin } from '../admin-test.ts'

const admin = setUpAdmin()

describe('the editor', () => {
  const form = (over: Record<string, string> = {}) => ({
    revision: '1',
    ...Object.fromEntries([1, 2, 3, 4].map((place) => [`place.${place}`, String(place)])),
    ...over,
  })
  const path = `/admin/editions/${DAY}`

  it('pins, drops and moves papers with a reason each, as a new revision', async () => {
    expect((await admin.ada.get(path)).body).toContain('Save as revision 2')
    const page = await admin.ada.act(
      path,
      form({ 'pin.4': 'on', 'reason.4': 'our own', 'drop.2': 'on', 'reason.2': 'withdrawn' }),
    )
    expect(page).toContain('Saved as revision 2')
    expect(await paperOrder(admin)).toBe('413')
    expect((await readEdition(admin.app.ledger.db, DAY))?.entries[0]?.why).toBe('Editor’s choice · 46 votes')
    const [act] = await readActions(admin.app.ledger.db, { limit: 1 })
    expect(act?.after).toMatchObject({
      revision: 2,
      changes: [
        { from: 2, to: null },
        { from: 4, to: 1, pinned: true },
      ],
    })
    await admin.ada.act(path, {
      revision: '2',
      'place.1': '1',
      'place.2': '3',
      'reason.2': 'a weak one',
      'place.3': '3',
    })
    expect(await paperOrder(admin)).toBe('431')
  })

  it.each([
    [{ 'drop.1': 'on' }, 'Please give a reason'],
    [{ 'place.1': '9', 'reason.1': 'because' }, 'The position must be a number from 1 to 4'],
    [{ 'pin.1': 'on', 'drop.1': 'on', 'reason.1': 'because' }, 'pinned or dropped, but not both'],
    [{ 'drop.1': 'on', 'reason.1': 'asked by ann@example.org' }, 'leave email addresses out'],
    [
      Object.fromEntries(
        [1, 2, 3, 4].flatMap((n) => [
          [`drop.${n}`, 'on'],
          [`reason.${n}`, 'all bad'],
        ]),
      ),
      'at least one paper',
    ],
  ] as [Record<string, string>, string][])(
    'keeps the input and changes nothing when it is invalid: %j',
    async (over, words) => {
      await admin.ada.get(path)
      const answer = await admin.ada.post(path, form(over))
      expect([answer.status, answer.body.includes(words)]).toEqual([422, true])
      expect(await paperOrder(admin)).toBe('1234')
    },
  )

  it('lets only one of two operators save', async () => {
    const fields = form({ 'drop.1': 'on', 'reason.1': 'withdrawn' })
    const [first, second] = await Promise.all([admin.ada.post(path, fields), admin.bob.post(path, fields)])
    const pages = [(await admin.ada.get(first.location)).body, (await admin.bob.get(second.location)).body]
    expect(pages.filter((page) => page.includes('Saved as revision 2'))).toHaveLength(1)
    expect(pages.filter((page) => /Last change: [^<]+ edited the papers, as revision 2 at/.test(page))).toHaveLength(1)
    expect(await paperOrder(admin)).toBe('234')
  })

  it('is closed once the edition has been sent to anyone', async () => {
    await sendTo(admin, 1)
    expect((await admin.ada.get(path)).body).toContain('can no longer be changed')
    expect(await admin.ada.act(path, form({ 'drop.1': 'on', 'reason.1': 'too late' }))).toContain('Nothing was changed')
    expect(await paperOrder(admin)).toBe('1234')
  })

  it('keeps its changes when the day is published again', async () => {
    await admin.ada.act(path, form({ 'drop.1': 'on', 'reason.1': 'withdrawn' }))
    await publishPapers(admin)
    expect(await paperOrder(admin)).toBe('234')
  })
})
