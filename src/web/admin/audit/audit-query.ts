import { AUDIT_PAGE_ROWS, AUDIT_SEARCH_CHARS_MAX } from '../../../../config/limits-web.ts'
import { parseDay } from '../../../domain/day.ts'
import { type ActionQuery, OTHER_ACTORS, type OtherActor } from '../../../ledger/operators/audit-search.ts'
import { singleLine } from '../../requests/query-string.ts'
import { idOf } from '../layout/forms.ts'
import { ACTION_WORDS } from './words.ts'

/** The fields of the filter, as they were typed. Invalid ones are empty. */
export interface AuditFilter {
  /** An operator’s id, or one of OTHER_ACTORS. */
  readonly by: string
  readonly action: string
  readonly from: string
  readonly to: string
  readonly q: string
}

/** Reads the filter from a query or a form. */
export function readFilter(get: (name: keyof AuditFilter) => unknown): AuditFilter {
  const by = singleLine(get('by'))
  const action = singleLine(get('action'))
  const dayOf = (name: 'from' | 'to') => parseDay(singleLine(get(name))) ?? ''
  return {
    by: idOf(by) !== null || by in OTHER_ACTORS ? by : '',
    action: Object.hasOwn(ACTION_WORDS, action) ? action : '',
    from: dayOf('from'),
    to: dayOf('to'),
    q: singleLine(get('q')).slice(0, AUDIT_SEARCH_CHARS_MAX),
  }
}

/** Turns a filter into a query. Its days are those of UTC, like the times on the page. */
export function queryOf(filter: AuditFilter, before: string | null, limit = AUDIT_PAGE_ROWS): ActionQuery {
  const text = filter.q.toLowerCase()
  return {
    before,
    operatorId: idOf(filter.by),
    other: idOf(filter.by) === null && filter.by !== '' ? (filter.by as OtherActor) : null,
    action: filter.action || null,
    from: filter.from === '' ? null : new Date(`${filter.from}T00:00:00Z`),
    to: filter.to === '' ? null : new Date(Date.parse(`${filter.to}T00:00:00Z`) + DAY_MS),
    text,
    textActions: text === '' ? [] : ACTIONS.filter((name) => ACTION_WORDS[name]?.toLowerCase().includes(text)),
    limit,
  }
}

/** All actions, in the order of their words. */
export const ACTIONS = Object.keys(ACTION_WORDS).sort((one, other) => labelOf(one).localeCompare(labelOf(other)))

/** Returns the words of an action without its values, for a list to choose from. */
export function labelOf(action: string): string {
  return (ACTION_WORDS[action] ?? action).replace(/\{[^}]*\}/g, '…')
}

const DAY_MS = 24 * 3_600_000
