import { SEARCH_CHARS_MAX, SEARCH_FILTER_CHARS_MAX } from '../../../../config/limits-web.ts'
import { say } from '../../../language/language.ts'
import { filterOf, ORDERS, type Search } from './check-search.ts'

export function SearchForm({ search }: { readonly search: Search }) {
  const isFiltered = filterOf(search) !== '' || search.from !== null || search.to !== null
  return (
    <form className="stack search" method="get" action="/search">
      <div className="search-line">
        <div className="field">
          <label htmlFor="q">{say('search.terms')}</label>
          <input id="q" name="q" type="search" defaultValue={search.query} maxLength={SEARCH_CHARS_MAX} dir="auto" />
        </div>
        <button type="submit">{say('search.button')}</button>
      </div>
      <details open={isFiltered || search.order !== 'best'}>
        <summary>{say('search.filter')}</summary>
        <div className="search-filters">
          <div className="field">
            <label htmlFor="sort">{say('search.sort')}</label>
            <select id="sort" name="sort" defaultValue={search.order}>
              {ORDERS.map((order) => (
                <option key={order} value={order}>
                  {say(`search.order.${order}`)}
                </option>
              ))}
            </select>
          </div>
          <Filter name="from" label={say('search.from')} type="date" value={search.from ?? ''} />
          <Filter name="to" label={say('search.to')} type="date" value={search.to ?? ''} />
          <Filter name="keyword" label={say('search.keyword')} type="text" value={search.keyword} />
          <Filter name="org" label={say('filter.organisation')} type="text" value={search.org} />
          <Filter name="category" label={say('search.category')} type="text" value={search.category} />
          <label className="choice">
            <input type="checkbox" name="code" value="yes" defaultChecked={search.code} /> {say('search.onlyCode')}
          </label>
        </div>
      </details>
    </form>
  )
}

interface FilterProps {
  readonly name: string
  readonly label: string
  readonly type: 'date' | 'text'
  readonly value: string
}

function Filter({ name, label, type, value }: FilterProps) {
  return (
    <div className="field">
      <label htmlFor={name}>{label}</label>
      <input
        id={name}
        name={name}
        type={type}
        defaultValue={value}
        {...(type === 'text' ? { maxLength: SEARCH_FILTER_CHARS_MAX, dir: 'auto' as const } : {})}
      />
    </div>
  )
}
