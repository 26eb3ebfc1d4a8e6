import type { ReactNode } from 'react'
import { DELIVERY_STATES } from '../../../domain/delivery.ts'
import {
  FILTER_NAMES,
  type FilterFault,
  fieldsOf,
  readFilter,
  type SubscriberFilter,
} from '../../../domain/segments/filter.ts'
import { FREQUENCIES, SUBSCRIBER_STATES } from '../../../domain/subscriber.ts'
import type { Segment } from '../../../ledger/segments/segments.ts'
import { ErrorLine, shownError } from '../../layout/controls.tsx'
import type { AdminDeps } from '../deps.ts'
import { stateLabel } from '../layout/figures.ts'
import { idOf } from '../layout/forms.ts'

/** The query of a page with a search: its fields, or the id of a segment. */
export type FilterQuery = Readonly<Partial<Record<string, string>>>

export interface ReadQuery {
  readonly filter: SubscriberFilter
  readonly faults: readonly FilterFault[]
  /** The segment that the query names. */
  readonly segment: Segment | null
}

/** Reads the search of a page. A segment that was deleted is a fault, because everybody would match without it. */
export async function readFilterQuery(query: FilterQuery, { ledger }: AdminDeps): Promise<ReadQuery> {
  if (query.segment === undefined) return { ...readFilter(query), segment: null }
  const id = idOf(query.segment)
  const segment = id === null ? null : await ledger.segments.readSegment(id)
  if (segment !== null) return { filter: segment.filter, faults: [], segment }
  const faults = [{ field: 'q' as const, words: 'There is no such segment. Another operator may have deleted it.' }]
  return { filter: readFilter({}).filter, faults, segment: null }
}

/** Returns the query string of a filter. */
export function queryOf(filter: SubscriberFilter, more: Readonly<Record<string, string>> = {}): string {
  return new URLSearchParams({ ...fieldsOf(filter), ...more }).toString()
}

/** Returns the fields of a search in a posted form. */
export function filterFieldsIn(read: (name: string) => string): Record<string, string> {
  return Object.fromEntries(FILTER_NAMES.map((name) => [name, read(name)]))
}

/** The search form. The conditions that are rarely used are folded. */
export function SearchForm({
  filter,
  faults,
}: {
  readonly filter: SubscriberFilter
  readonly faults: readonly FilterFault[]
}) {
  const { text: _text, state: _state, ...others } = filter
  const isOpen =
    faults.length > 0 || Object.values(others).some((each) => each !== null && each !== '' && each !== false)
  return (
    <search>
      <form method="get" action="/admin/readers" className="filter-form">
        <div className="filters">
          <div className="field wide">
            <label htmlFor="q">Address starts with, or @domain</label>
            <input id="q" name="q" type="search" defaultValue={filter.text} autoComplete="off" />
          </div>
          <Choice name="state" label="State" chosen={filter.state} faults={faults} options={SUBSCRIBER_STATES} />
          <button type="submit">Search</button>
        </div>
        <details open={isOpen}>
          <summary>More conditions</summary>
          <MoreConditions filter={filter} faults={faults} />
        </details>
      </form>
    </search>
  )
}

function MoreConditions({ filter, faults }: Pick<ReadQuery, 'filter' | 'faults'>) {
  const text = (name: 'interest' | 'timezone' | 'consent', label: string, placeholder: string) => (
    <Field name={name} label={label} faults={faults}>
      <input id={name} name={name} type="text" defaultValue={filter[name]} placeholder={placeholder} />
    </Field>
  )
  const day = (name: 'joined_from' | 'joined_to' | 'edition', label: string, value: string | null) => (
    <Field name={name} label={label} faults={faults}>
      <input id={name} name={name} type="date" defaultValue={value ?? ''} />
    </Field>
  )
  return (
    <div className="conditions">
      {text('interest', 'Interest contains', 'robots')}
      <Choice name="frequency" label="Frequency" chosen={filter.frequency} faults={faults} options={FREQUENCIES} />
      {text('timezone', 'Time zone', 'Europe/Berlin')}
      {text('consent', 'Source of consent contains', 'the fair')}
      {day('joined_from', 'Joined from', filter.joinedFrom)}
      {day('joined_to', 'Joined until', filter.joinedTo)}
      {day('edition', 'In the edition of', filter.edition)}
      <Choice
        name="outcome"
        label="Their digest was"
        chosen={filter.outcome}
        faults={faults}
        options={DELIVERY_STATES}
        words={stateLabel}
      />
      <label className="choice">
        <input id="bounced" type="checkbox" name="bounced" value="yes" defaultChecked={filter.bounced} />
        <span>Mails to them bounced</span>
      </label>
    </div>
  )
}

function Field({
  name,
  label,
  faults,
  children,
}: {
  readonly name: string
  readonly label: string
  readonly faults: readonly FilterFault[]
  readonly children: ReactNode
}) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      {children}
      <ErrorLine error={shownError(faults, name)} />
    </div>
  )
}

function Choice<T extends string>({
  name,
  label,
  chosen,
  faults,
  options,
  words = (each) => each,
}: {
  readonly name: string
  readonly label: string
  readonly chosen: T | null
  readonly faults: readonly FilterFault[]
  readonly options: readonly T[]
  readonly words?: (option: T) => string
}) {
  return (
    <Field name={name} label={label} faults={faults}>
      <select id={name} name={name} defaultValue={chosen ?? ''}>
        <option value="">Any</option>
        {options.map((each) => (
          <option key={each} value={each}>
            {words(each)}
          </option>
        ))}
      </select>
    </Field>
  )
}
