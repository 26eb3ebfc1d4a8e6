import type { Day } from '../../src/domain/day.ts'
import { saveEdition } from '../../src/ledger/editions/editions.ts'
import { aPublishedEdition } from '../support/editions.ts'
import type { TestLedger } from '../support/ledger.ts'

/** Saves an edition of two papers for a day. */
export const saveDay = (db: TestLedger['db'], on: Day) =>
  saveEdition(
    db,
    aPublishedEdition(
      on,
      ['a', 'b'].map((name) => `${on.replaceAll('-', '')}${name}`),
      new Date(`${on}T06:00:00Z`),
    ),
  )
