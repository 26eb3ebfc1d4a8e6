import { Fragment, type ReactNode } from 'react'
import type { Day } from '../../../domain/day.ts'
import { grouped } from '../layout/figures.ts'

/** The name of a group of deliveries in the address of its list. `accepted`: sent, delivered, bounced or complained. */
const GROUPS: Readonly<Record<string, string>> = {
  sent: 'accepted',
  rejected: 'refused',
  unconfirmed: 'uncertain',
}

/** Links a number to the deliveries that it counts. A zero is no link. */
export function CountLink({
  day,
  name,
  count,
  reason,
  children,
}: {
  readonly day: Day
  /** A state, or its label on the dashboard. */
  readonly name: string
  readonly count: number
  readonly reason?: string
  readonly children: ReactNode
}) {
  if (count === 0) return children
  const query = new URLSearchParams({ day, state: GROUPS[name] ?? name, ...(reason === undefined ? {} : { reason }) })
  return <a href={`/admin/deliveries?${query}`}>{children}</a>
}

/** Lists the parts of a number, each linked to what it counts: states, or reasons of skipped deliveries. */
export function CountGroups({
  day,
  of,
  groups,
}: {
  readonly day: Day
  readonly of: string
  readonly groups: readonly { readonly name: string; readonly count: number }[]
}) {
  return groups
    .filter(({ count }) => count > 0)
    .map(({ name, count }, index) => (
      <Fragment key={name}>
        {index === 0 ? '' : ', '}
        <CountLink
          day={day}
          name={of === 'skipped' ? of : name}
          count={count}
          {...(of === 'skipped' ? { reason: name } : {})}
        >
          {`${grouped(count)} ${name}`}
        </CountLink>
      </Fragment>
    ))
}
