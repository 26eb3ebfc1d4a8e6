import type pg from 'pg'

/** A moment at which the clocks of a zone were put forward or back, to the minute. */
export interface ZoneChange {
  readonly zone: string
  readonly at: Date
}

/** Every change of clocks that the database knows of, found by halving: ten days, six hours, a quarter, a minute. */
export async function readChanges(
  pool: pg.Pool,
  zones: readonly string[],
  { from, to }: { readonly from: string; readonly to: string },
): Promise<ZoneChange[]> {
  let spans = zones.map((zone) => ({ zone, from: new Date(from), to: new Date(to) }))
  for (const step of ['10 days', '6 hours', '15 minutes', '1 minute']) {
    const { rows } = await pool.query<{ zone: string; from: Date; to: Date }>(
      `with moments as (
        select zone, start, t, (t at time zone zone) - (t at time zone 'UTC') as ahead
        from unnest($1::text[], $2::timestamptz[], $3::timestamptz[]) as x(zone, start, till),
          generate_series(start, till, $4::interval) as t
      ), steps as (
        select zone, t, ahead, lag(t) over w as before, lag(ahead) over w as was from moments
        window w as (partition by zone, start order by t)
      )
      select zone, before as from, t as to from steps where ahead <> was`,
      [spans.map(({ zone }) => zone), spans.map((span) => span.from), spans.map((span) => span.to), step],
    )
    spans = rows
  }
  return spans.map(({ zone, to: at }) => ({ zone, at }))
}

/** Returns the local time according to the database, such as `2026-03-29 02`. */
export async function readWalls(
  pool: pg.Pool,
  asked: readonly { readonly zone: string; readonly at: Date }[],
): Promise<string[]> {
  const { rows } = await pool.query<{ wall: string }>(
    `select to_char(at at time zone zone, 'YYYY-MM-DD HH24') as wall
     from unnest($1::text[], $2::timestamptz[]) with ordinality as x(zone, at, n) order by n`,
    [asked.map(({ zone }) => zone), asked.map(({ at }) => at)],
  )
  return rows.map(({ wall }) => wall)
}
