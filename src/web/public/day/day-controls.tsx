import { topicPath } from '../../../domain/topics/topic-slug.ts'
import {
  DAY_ORDERS,
  type DayFacets,
  type DayOrder,
  type DaySelection,
  type Facet,
  hrefOf,
  isFiltered,
} from './selection.ts'

interface DayControlsProps {
  readonly selection: DaySelection
  readonly facets: DayFacets
}

const ORDER_NAMES: Readonly<Record<DayOrder, string>> = {
  trending: 'Trending',
  votes: 'Votes',
  new: 'New',
  stars: 'Stars',
}

/** The order, the filters and the density of a day’s list. All of them are links or a form, so they need no script. */
export function DayControls({ selection, facets }: DayControlsProps) {
  return (
    <div className="toolbar">
      <nav className="orders" aria-label="Order">
        {DAY_ORDERS.map((order) => (
          <a
            key={order}
            href={hrefOf(selection, { order })}
            rel="nofollow"
            {...(order === selection.order ? { 'aria-current': 'true' as const } : {})}
          >
            {ORDER_NAMES[order]}
          </a>
        ))}
      </nav>
      <a className="density" href={hrefOf(selection, { dense: !selection.dense })} rel="nofollow" data-density="">
        {selection.dense ? 'Comfortable' : 'Dense'}
      </a>
      <details className="filter">
        <summary>Filter</summary>
        <FilterForm selection={selection} facets={facets} />
      </details>
    </div>
  )
}

function FilterForm({ selection, facets }: DayControlsProps) {
  const { order, dense, code } = selection
  return (
    <form method="get">
      {order === 'trending' ? null : <input type="hidden" name="order" value={order} />}
      {dense ? <input type="hidden" name="view" value="dense" /> : null}
      <FacetSelect name="topic" label="Topic" all="All topics" facets={facets.topics} chosen={selection.topic} />
      <FacetSelect
        name="org"
        label="Organisation"
        all="All organisations"
        facets={facets.organizations}
        chosen={selection.organization}
      />
      <label className="choice">
        <input type="checkbox" name="code" value="1" defaultChecked={code} />
        <span>With code ({facets.withCode})</span>
      </label>
      <button type="submit">Show</button>
    </form>
  )
}

interface FacetSelectProps {
  readonly name: string
  readonly label: string
  readonly all: string
  readonly facets: readonly Facet[]
  readonly chosen: Facet | null
}

function FacetSelect({ name, label, all, facets, chosen }: FacetSelectProps) {
  if (facets.length === 0) return null
  return (
    <div className="field">
      <label htmlFor={`filter-${name}`}>{label}</label>
      <select id={`filter-${name}`} name={name} defaultValue={chosen?.slug ?? ''}>
        <option value="">{all}</option>
        {facets.map((facet) => (
          <option key={facet.slug} value={facet.slug}>
            {`${facet.name} (${facet.papers})`}
          </option>
        ))}
      </select>
    </div>
  )
}

/** Says which papers are shown, and leads back to all of them. */
export function ShownPapers({
  selection,
  shown,
  papers,
}: {
  readonly selection: DaySelection
  readonly shown: number
  readonly papers: number
}) {
  if (!isFiltered(selection)) return null
  const all = <a href={hrefOf(selection, { topic: null, organization: null, code: false })}>Show all {papers}</a>
  const { topic } = selection
  return (
    <p className={shown === 0 ? 'message' : 'shown'}>
      {shown === 0
        ? `No paper of this day ${wordsOf(selection)}. `
        : `${shown} of ${papers} papers ${wordsOf(selection)}. `}
      {all}
      {topic === null || topic.papers === 0 ? null : (
        <>
          {' '}
          or <a href={topicPath(topic.name)}>this topic on all days</a>
        </>
      )}
      .
    </p>
  )
}

function wordsOf({ topic, organization, code }: DaySelection): string {
  const parts = [
    topic === null ? [] : [topic.papers === 0 ? 'about the topic that you asked for' : `about ${topic.name}`],
    organization === null
      ? []
      : [organization.papers === 0 ? 'from the organisation that you asked for' : `from ${organization.name}`],
    code ? ['with code'] : [],
  ].flat()
  return parts.join(', ')
}
