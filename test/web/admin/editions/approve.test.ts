import { beforeEach, describe, expect, it } from '@jest/globals'
import { approve } from '../../../../src/cli/day/approve.ts'
import { sendTest } from '../../../../src/cli/day/test-send.ts'
import { commandLine } from '../../../../src/domain/actor.ts'
import type { Preferences } from '../../../../src/domain/subscriber.ts'
import { readActions } from '../../../../src/ledger/operators/audit.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import { commandContext } from '../../../support/command.ts'
import { DAY, NOW, setUpAdmin } from '../admin-test.ts'

const admin = setUpAdmin()
const DAMAGED = '{"links": null}'
let revision = 1

beforeEach(async () => {
  // The checks of a revision are kept, so each test has its own.
  revision += 1
  await admin.app.ledger.db.updateTable('editions').set({ needs_approval: true, revision }).execute()
})

/** Leaves a paper without a field that every digest needs. */
async function damage(): Promise<void> {
  await admin.app.ledger.pool.query('update edition_papers set content = content || $1::jsonb', [DAMAGED])
}

const page = `/admin/editions/${DAY}`
const form = (more: Record<string, string> = {}) => ({ day: DAY, revision: String(revision), ...more })
const approvals = async () =>
  (await readActions(admin.app.ledger.db, { limit: 9 })).filter(({ action }) => action === 'edition.approved')

describe('approving on the page', () => {
  it('lists a fault, and needs “Send anyway” with a reason', async () => {
    await damage()
    const shown = (await admin.ada.get(page)).body
    expect(shown).toContain('The digest cannot be composed')
    expect(shown).toContain('Send anyway, with 1 fault')
    expect(await admin.ada.act('/admin/approve', form())).toContain('Not approved: the checks found 1 fault.')
    expect(await admin.ada.act('/admin/approve', form({ anyway: 'on' }))).toContain('Please give a reason')
    expect(await approvals()).toEqual([])
    const sent = await admin.ada.act('/admin/approve', form({ anyway: 'on', reason: 'the rule is wrong' }))
    expect(sent).toContain('Approved.')
    expect(await approvals()).toMatchObject([{ reason: 'the rule is wrong', after: { revision, faults: 1 } }])
  })

  it('approves nothing by a GET, and only the revision that was seen', async () => {
    const seen = form()
    expect((await admin.ada.get('/admin/approve')).status).toBe(404)
    await admin.app.ledger.db
      .updateTable('editions')
      .set({ revision: 100 + revision })
      .execute()
    expect(await admin.ada.act('/admin/approve', seen)).toContain('Nothing was changed')
    expect(await approvals()).toEqual([])
  })
})

describe('paperround approve', () => {
  const run = async (options: Parameters<typeof approve>[0], typed?: string) => {
    const context = commandContext({ config: admin.app.config }, () => NOW)
    const terminal = typed === undefined ? context.terminal : { ...context.terminal, ask: async () => typed }
    const code = await approve({ date: DAY, ...options }, { ...context, terminal })
    return { code, said: context.said.join('\n') }
  }

  it('says who gets it and what was found, and asks on a terminal', async () => {
    const zones = ['UTC', 'Asia/Tokyo', 'America/New_York', 'Pacific/Honolulu', 'Pacific/Auckland']
    const people: ({ email: string } & Partial<Preferences>)[] = zones.flatMap((timezone, n) =>
      [6, 9, 10, 23].map((deliveryHour) => ({ email: `r${n}.${deliveryHour}@example.org`, timezone, deliveryHour })),
    )
    await addSubscribersFor(admin.app, people)
    await admin.app.ledger.db.updateTable('editions').set({ canary: 'sending', canary_percent: 20 }).execute()
    const no = await run({}, 'n')
    expect(no.code).toBe(1)
    expect(no.said).toContain('Not approved.')
    const dueNow = Number(/(\d+) subscribers at once/.exec(no.said)?.[1])
    expect(no.said).toContain('A canary goes first: 20 % of those who are due')
    expect(no.said).toContain('until about 09:30 UTC')
    // 10:00 in UTC and 23:00 in Auckland, 6:00 in New York is 11:00 UTC, 23:00 in Tokyo is 14:00 UTC.
    expect(no.said).toMatch(/Next: 2 subscribers at 10:00 UTC, 1 subscriber at 11:00 UTC, 2 subscribers at 14:00 UTC/)
    expect(no.said).toMatch(/Checked in \d digests: 0 faults/)
    expect(await run({}, 'y')).toMatchObject({ code: 0 })
    await admin.app.ledger.db.updateTable('editions').set({ canary: 'none' }).execute()
    const result = await admin.app.dispatch(DAY, { kind: 'hour', now: NOW }, { waitForWindow: false })
    expect(result).toMatchObject({ subscribers: dueNow })
  })

  it('refuses faults without --anyway, and records its reason', async () => {
    await damage()
    const refused = await run({ yes: true })
    expect([refused.code, refused.said.includes('--anyway "REASON"')]).toEqual([1, true])
    expect((await run({ yes: true, anyway: 'the rule is wrong' })).code).toBe(0)
    await admin.app.ledger.db.updateTable('editions').set({ approved_at: null, needs_approval: false }).execute()
    expect((await run({ yes: true })).said).toBe(`There is no edition of ${DAY} with papers that waits for approval.`)
    expect(await approvals()).toMatchObject([{ who: commandLine().who, reason: 'the rule is wrong' }])
  })

  it('sends a test before that', async () => {
    const context = commandContext({ config: admin.app.config }, () => NOW)
    const test = (options: Partial<Parameters<typeof sendTest>[0]>) =>
      sendTest({ to: 'ada@example.net', date: DAY, ...options }, context)
    expect(await test({ as: 'weekly' })).toBe(0)
    expect(context.said.at(-1)).toContain(`It is the digest of ${DAY} for: Weekly digest.`)
    expect(await test({ as: 'nobody@example.org' })).toBe(1)
    expect(context.said.at(-1)).toContain('There is no subscriber nobody@example.org.')
    await expect(test({ transport: 'smtp' })).rejects.toThrow('--transport smtp is not configured')
    await expect(test({ to: 'not an address' })).rejects.toThrow('is not a usable address')
  })
})
