import type { Inside } from './installation.ts'
import { TOPICS } from './papers.ts'

/** `own`: nobody has another’s choice. `same`: nobody has named an interest, so that all get the same papers. */
export type Choices = 'own' | 'same'

export interface Wishes {
  readonly choices: Choices
  /** Whether what is not among a reader’s ten follows as titles. Without, a digest of a hundred papers has 55 KB; with, 120. */
  readonly rest: boolean
}

/**
 * Puts readers into the ledger by one statement, as a list that was imported long ago. With `own` each has four interests,
 * one of each group of topics, and a mix: the first 2,031,616 differ in one of them.
 */
export async function addReaders(query: Inside['query'], count: number, { choices, rest }: Wishes): Promise<void> {
  await query(
    `insert into subscribers (email, email_key, address_hash, state, interests, mix, frequency, hour, timezone, length, rest,
      consent, created_at, confirmed_at, changed_at)
    select email, email, encode(sha256(email::bytea), 'hex'), 'active',
      case when $2 then array[
        ($3::text[])[1 + choice % 16], ($4::text[])[1 + choice / 16 % 16], ($5::text[])[1 + choice / 256 % 16],
        ($6::text[])[1 + choice / 4096]] else '{}' end,
      case when $2 then 60 + n / 65536 % 31 else 75 end,
      'daily', 8, 'UTC', 10, $7,
      '{"by": "operator", "note": "a list of the bench", "at": "2026-01-01T00:00:00.000Z"}', now(), now(), now()
    from (
      select n, n::bigint * 40503 % 65536 as choice, 'reader.' || n || '@example-' || n % 997 || '.org' as email
      from generate_series(1, $1) as n
    ) as given`,
    [count, choices === 'own', ...TOPICS, rest],
  )
  await query('analyze subscribers')
}
