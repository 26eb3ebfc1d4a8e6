import { describe, expect, it } from '@jest/globals'
import { editSubscriber } from '../../../src/cli/subscribers/edit.ts'
import { exportSubscribers } from '../../../src/cli/subscribers/export.ts'
import { listSegments, listSubscribers } from '../../../src/cli/subscribers/list.ts'
import { commandLine } from '../../../src/domain/actor.ts'
import { readFilter } from '../../../src/domain/segments/filter.ts'
import { readActions } from '../../../src/ledger/operators/audit.ts'
import { findSubscriber } from '../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { IMPORTED_AT, openImports } from '../../support/imports.ts'

const { app, place, empty } = await openImports()
const context = commandContext(place, () => IMPORTED_AT)
const bySudo = { ...context, environment: { ...context.environment, SUDO_USER: 'anna' } }
const said = () => context.said.splice(0).join('\n')

describe('subscribers edit', () => {
  it('changes only what is named, and writes it into the audit log', async () => {
    await empty()
    await addSubscribersFor(app, [{ email: 'ada@example.org', interests: ['agents'], deliveryHour: 9 }])
    expect(await editSubscriber('ADA@example.org', { frequency: 'weekly', author: ['Ada Lovelace'] }, context)).toBe(0)
    expect(said()).toContain('ada@example.org: changed authors, frequency.')
    expect(await editSubscriber('ada@example.org', { interest: [''], reason: 'asked by phone' }, bySudo)).toBe(0)
    expect(await findSubscriber(app.ledger.db, 'ada@example.org')).toMatchObject({
      interests: [],
      authors: ['Ada Lovelace'],
      frequency: 'weekly',
      deliveryHour: 9,
    })
    said()
    expect(await editSubscriber('ada@example.org', { frequency: 'weekly' }, context)).toBe(0)
    expect(said()).toContain('Nothing was changed')
    const [action] = await readActions(app.ledger.db, { limit: 1 })
    expect(action).toMatchObject({
      who: 'command line (anna, by sudo)',
      action: 'subscriber.edited',
      reason: 'asked by phone',
      before: { interests: ['agents'] },
      after: { interests: [] },
    })
  })

  it('changes an address at once with a note, or asks the new one, and refuses one that is taken', async () => {
    await empty()
    await addSubscribersFor(app, [{ email: 'ada@example.org' }, { email: 'ben@example.org' }])
    expect(
      await editSubscriber('ada@example.org', { email: 'new@example.org', consentNote: 'their mail' }, context),
    ).toBe(0)
    expect(said()).toContain('The address is now new@example.org')
    expect(await findSubscriber(app.ledger.db, 'ada@example.org')).toBeNull()
    expect(await editSubscriber('ben@example.org', { email: 'bea@example.org', confirm: true }, context)).toBe(0)
    expect(said()).toContain('changes when its button is pressed')
    await expect(
      editSubscriber('ben@example.org', { email: 'new@example.org', consentNote: 'their mail', hour: '3' }, context),
    ).rejects.toThrow('on the list already, or suppressed')
    expect((await findSubscriber(app.ledger.db, 'ben@example.org'))?.deliveryHour).toBe(8)
  })

  it.each([
    [{}, 'Name at least one change'],
    [{ hour: '24' }, 'hour “24” is not a whole number from 0 to 23'],
    [{ email: 'new@example.org' }, 'say where they asked: --consent-note'],
    [{ hour: '7', reason: 'ada@example.org asked' }, '--reason must be one line'],
  ])('refuses %j before it opens anything, and says why', async (options, words) => {
    await expect(editSubscriber('ada@example.org', options, context)).rejects.toMatchObject({
      message: expect.stringContaining(words),
      exitCode: 2,
    })
  })
})

describe('a segment on the command line', () => {
  it('is listed, and chooses who is listed and exported', async () => {
    await empty()
    await addSubscribersFor(app, [{ email: 'ada@lab.org' }, { email: 'ben@example.org' }])
    const { filter } = readFilter({ q: '@lab.org' })
    await app.ledger.segments.saveSegment({ name: 'The lab', filter }, { actor: commandLine(), at: IMPORTED_AT })
    expect(await listSegments({}, context)).toBe(0)
    expect(said()).toBe('The lab  1  address ends with @lab.org')
    expect(await exportSubscribers(undefined, { segment: 'THE LAB' }, context)).toBe(0)
    expect(said()).toMatch(/ada@lab.org/)
    expect(await listSubscribers({ search: 'ben' }, context)).toBe(0)
    expect(said()).toMatch(/active +ben@example.org/)
    await expect(exportSubscribers(undefined, { segment: 'nobody' }, context)).rejects.toThrow('There is no segment')
    await expect(listSubscribers({ state: 'gone' }, context)).rejects.toThrow('--state “gone” is not known')
  })
})
