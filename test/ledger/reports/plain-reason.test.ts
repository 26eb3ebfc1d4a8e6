import { beforeAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { day } from '../../../src/domain/day.ts'
import { plainReason } from '../../../src/ledger/reports/plain-reason.ts'
import { readSendStatus } from '../../../src/ledger/reports/send-status.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { aLedger, openQuickestLedger } from '../../support/ledger.ts'
import { WAITING_AT as AT, writeWaitingParcel } from '../../support/sending/waiting.ts'

const DAY = day('2026-11-24')
const ledger = aLedger(openQuickestLedger)
beforeAll(() =>
  sql`insert into editions (day, state, reports, published_at) values (${DAY}, 'published', '[]', ${AT})`.execute(
    ledger().db,
  ),
)

describe('the reply of a server is shown without addresses and ids', () => {
  it.each([
    ['550 5.1.1 <Ada.L+x@mail.example.org>: unknown', '550 5.1.1 …: unknown'],
    ['RCPT TO ada@example.org: 450 4.7.1', 'RCPT TO …: 450 4.7.1'],
    ['421 4.7.0 try later d2e1a72fcca58-7aa123si12345.17 - gsmtp', '421 4.7.0 try later … - gsmtp'],
    ['451 4.7.500 busy [AM7PR04CA0012.eurprd04.prod.outlook.com 2026-11-24T08:01:02.123Z]', '451 4.7.500 busy [… …]'],
    ['451 please come back in 00:04:37', '451 please come back in …'],
    ['450 4.2.0 greylisted for 287 seconds', '450 4.2.0 greylisted for … seconds'],
    ['554 5.7.1 blocked [192.0.2.1] by zen.spamhaus.org', '554 5.7.1 blocked [192.0.2.1] by zen.spamhaus.org'],
    ['Resend: daily_quota_exceeded 429: You have reached your daily quota of 100 emails', null],
    ['gave up after 22 hours: SMTP: 450 4.2.0 busy', null],
  ])('%s', async (reply, plain) => {
    expect(plainReason(reply)).toBe(plain ?? reply)
    await emptyTables(ledger().pool, 'deliveries, parcels')
    await writeWaitingParcel(ledger().db, { reason: reply })
    await sql`update deliveries set state = 'refused', settled_at = ${AT}`.execute(ledger().db)
    expect((await readSendStatus(ledger().db, DAY, AT))?.reasons).toEqual([
      { state: 'refused', reason: plain ?? reply, count: 1 },
    ])
  })
})
