import type { ReactNode } from 'react'
import { topicPath } from '../../../domain/topics/topic-slug.ts'
import { say } from '../../../language/language.ts'
import { sayWith } from '../../../language/markup.ts'
import { DAY_ORDERS, type DayFacets, type DaySelection, type Facet, hrefOf, isFiltered } from './selection.ts'

interface DayControlsProps {
  readonly selection: DaySelection
  readonly facets: DayFacets
}

/** The order, the filters and the density of a day’s list. All of them are links or a form, so they need no script. */
export function DayControls({ selection, facets }: DayControlsProps) {
  return (
    <div className="toolbar">
      <nav className="orders" aria-label={say('order.label')}>
        {DAY_ORDERS.map((order) => (
          <a
            key={order}
            href={hrefOf(selection, { order })}
            rel="nofollow"
            {...(order === selection.order ? { 'aria-current': 'true' as const } : {})}
          >
            {say(`order.${order}`)}
          </a>
        ))}
      </nav>
      <a
        className="density"
        href={hrefOf(selection, { dense: !selection.dense })}
        rel="nofollow"
        data-density={say('density.dense')}
        data-comfortable={say('density.comfortable')}
      >
        {selection.dense ? say('density.comfortable') : say('density.dense')}
      </a>
      <details className="filter">
        <summary>{say('filter.title')}</summary>
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
      <FacetSelect
        name="topic"
        label={say('filter.topic')}
        all={say('context.allTopics')}
        facets={facets.topics}
        chosen={selection.topic}
      />
      <FacetSelect
        name="org"
        label={say('filter.organisation')}
        all={say('filter.allOrganisations')}
        facets={facets.organizations}
        chosen={selection.organization}
      />
      <label className="choice">
        <input type="checkbox" name="code" value="1" defaultChecked={code} />
        <span>{say('filter.code', { count: facets.withCode })}</span>
      </label>
      <button type="submit">{say('filter.show')}</button>
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
  const { topic } = selection
  const tags = {
    all: (text: ReactNode) => <a href={hrefOf(selection, { topic: null, organization: null, code: false })}>{text}</a>,
    topic: (text: ReactNode) => <a href={topic === null ? '/topics' : topicPath(topic.name)}>{text}</a>,
  }
  const hasTopic = topic !== null && topic.papers > 0 ? 'yes' : 'no'
  return (
    <p className={shown === 0 ? 'message' : 'shown'}>
      {sayWith('filter.shown', tags, { shown, papers, filter: wordsOf(selection), hasTopic })}
    </p>
  )
}

function wordsOf({ topic, organization, code }: DaySelection): string {
  const parts = [
    topic === null
      ? []
      : [topic.papers === 0 ? say('filter.unknownTopic') : say('filter.about', { topic: topic.name })],
    organization === null
      ? []
      : [
          organization.papers === 0
            ? say('filter.unknownOrganisation')
            : say('filter.from', { organisation: organization.name }),
        ],
    code ? [say('filter.withCode')] : [],
  ].flat()
  return parts.join(', ')
}
