import { describe, expect, it } from '@jest/globals'
import { addDays } from '../../../src/domain/day.ts'
import { readArchivePapers, readCandidateDays, readDuplicateIds } from '../../../src/ledger/editions/archive.ts'
import { readEarlierDays, readEdition, readKnownPapers, saveEdition } from '../../../src/ledger/editions/editions.ts'
import { readSignals } from '../../../src/ledger/editions/votes.ts'
import { bundledSynonyms } from '../../../src/ranking/words/synonyms.ts'
import { cachedEditions } from '../../../workers/app/editions.ts'
import { aPublishedEdition } from '../../support/editions.ts'
import { LEDGERS } from '../../support/ledger.ts'
import { AT, aParcelLedger, D, minutesLater } from '../../support/sending/parcel-ledger.ts'

describe.each(LEDGERS)('editions on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, publish, subscribe, dispatch } = aParcelLedger(open)

  test('an edition can be replaced until it is dispatched', async () => {
    await publish(D, ['p1', 'p2'])
    expect(await publish(D, ['p1', 'p2', 'p3'])).toEqual({ kind: 'saved', revision: 2 })
    await subscribe('ada@example.org')
    await dispatch()
    expect(await publish(D, ['p9'])).toEqual({ kind: 'kept' })
    expect((await readEdition(ledger().db, D))?.entries.map((entry) => entry.paper.id)).toEqual(['p1', 'p2', 'p3'])
  })

  test('a source that fails later does not replace an edition that has papers', async () => {
    await publish(D, ['p1'])
    const failed = { ...aPublishedEdition(D, [], AT), state: 'failed', reason: 'down', votesAt: null } as const
    expect(await saveEdition(ledger().db, failed)).toEqual({ kind: 'kept' })
    expect((await readEdition(ledger().db, D))?.state).toBe('published')
  })

  test('the votes of a paper are stored for each moment, and its first day is known', async () => {
    await publish(D, ['p1'])
    await publish(addDays(D, 1), ['p2', 'p1'], minutesLater(24 * 60))
    const { rows } = await ledger().pool.query(
      'select observed_at, upvotes from signals where paper_id = $1 order by observed_at',
      ['p1'],
    )
    expect(rows).toEqual([
      { observed_at: AT, upvotes: 9 },
      { observed_at: minutesLater(24 * 60), upvotes: 8 },
    ])
    expect([...(await readEarlierDays(ledger().db, ['p1', 'p2'], addDays(D, 1)))]).toEqual([['p1', D]])
  })

  test('reads the last votes before a moment, papers of earlier editions, and papers with the same title', async () => {
    const { pool, db } = ledger()
    await publish(D, ['p1', 'p2'])
    await publish(addDays(D, 1), ['p3'], minutesLater(24 * 60))
    await pool.query(`insert into signals (paper_id, observed_at, upvotes) values ('p1', $1, 5), ('p1', $2, 58)`, [
      minutesLater(30),
      minutesLater(60),
    ])
    const upvotes = async (at: Date) => (await readSignals(db, ['p1', 'p3'], at)).get('p1')?.upvotes
    expect([await upvotes(minutesLater(45)), await upvotes(minutesLater(90))]).toEqual([5, 58])
    expect([...(await readKnownPapers(db, ['p1', 'p3'], addDays(D, 1)))]).toEqual(['p1'])
    for (const [id, title] of [
      ['p2', 'One work: under TWO ids'],
      ['p3', 'One Work under two IDs'],
    ])
      await pool.query(`update papers set content = content || jsonb_build_object('title', $2::text) where id = $1`, [
        id,
        title,
      ])
    expect([...(await readDuplicateIds(db, ['p1', 'p2', 'p3']))]).toEqual([
      ['p2', ['p3']],
      ['p3', ['p2']],
    ])
    expect(await readArchivePapers(db, D, 1)).toEqual([expect.objectContaining({ abstract: expect.any(String) })])
  })

  test('an edition that is made later for a past day changes no digest of an edition made before it', async () => {
    const { db } = ledger()
    await publish(addDays(D, -2), ['p1'])
    await saveEdition(db, aPublishedEdition(D, ['p2'], minutesLater(10)))
    await saveEdition(db, aPublishedEdition(addDays(D, -1), ['p3'], minutesLater(20)))
    expect(await readCandidateDays(db, addDays(D, -7), D)).toEqual([D, addDays(D, -2)])
    await saveEdition(db, aPublishedEdition(addDays(D, 1), ['p4'], minutesLater(30)))
    expect(await readCandidateDays(db, addDays(D, -1), addDays(D, 1))).toEqual([addDays(D, 1), D, addDays(D, -1)])
  })

  test('the cache of editions reads an edition again only after it was saved again', async () => {
    const { readEdition: read } = cachedEditions(ledger().editions, bundledSynonyms())
    expect(await read(D)).toBeNull()
    await publish(D, ['p1'])
    expect((await read(D))?.entries).toHaveLength(1)
    await publish(D, ['p1', 'p2'])
    expect((await read(D))?.entries).toHaveLength(2)
    expect(await read(D)).toBe(await read(D))
  })
})
