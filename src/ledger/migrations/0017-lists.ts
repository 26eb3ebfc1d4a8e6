import { type Kysely, sql } from 'kysely'

/** Which lists are still to come, and which papers did not fit into an edition. */
export async function up(db: Kysely<unknown>): Promise<void> {
  await sql
    .raw(`
    create table awaited_lists (
      day date primary key,
      asked_at timestamptz not null,
      sources text[] not null,
      reason text not null
    );
    create table left_out_papers (
      paper_id text primary key,
      day date not null
    );
    create index left_out_papers_by_day on left_out_papers (day);
  `)
    .execute(db)
}
