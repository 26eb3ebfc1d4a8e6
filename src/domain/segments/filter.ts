import { FILTER_TEXT_CHARS_MAX } from '../../../config/limits-people.ts'
import { type Day, parseDay } from '../day.ts'
import { DELIVERY_STATES, type DeliveryState } from '../delivery.ts'
import { FREQUENCIES, type Frequency, SUBSCRIBER_STATES, type SubscriberState } from '../subscriber.ts'

/** An operator's search of subscribers. All conditions apply. */
export interface SubscriberFilter {
  /** The start of an address, or `@domain`. Empty: any. */
  readonly text: string
  readonly state: SubscriberState | null
  readonly frequency: Frequency | null
  /** Part of an interest. */
  readonly interest: string
  readonly timezone: string
  /** Part of the consent note, such as the name of an import. */
  readonly consent: string
  readonly joinedFrom: Day | null
  readonly joinedTo: Day | null
  /** Whether mails to the address bounced. */
  readonly bounced: boolean
  /** With `outcome`: subscribers whose delivery of this edition has that state. */
  readonly edition: Day | null
  readonly outcome: DeliveryState | null
}

export const EVERYBODY: SubscriberFilter = {
  text: '',
  state: null,
  frequency: null,
  interest: '',
  timezone: '',
  consent: '',
  joinedFrom: null,
  joinedTo: null,
  bounced: false,
  edition: null,
  outcome: null,
}

/** The names of the fields of the search form, which addresses of pages and stored segments have too. */
export const FILTER_NAMES = [
  'q',
  'state',
  'frequency',
  'interest',
  'timezone',
  'consent',
  'joined_from',
  'joined_to',
  'bounced',
  'edition',
  'outcome',
] as const
type FilterName = (typeof FILTER_NAMES)[number]

/** A filter as text. Conditions that are not set are left out. */
export type FilterFields = Readonly<Partial<Record<FilterName, string>>>

export interface FilterFault {
  readonly field: FilterName
  readonly words: string
}

/** Reads the fields of a search. A faulty condition must stop the search: without it, more subscribers would match. */
export function readFilter(fields: Readonly<Record<string, unknown>>): {
  readonly filter: SubscriberFilter
  readonly faults: readonly FilterFault[]
} {
  const faults: FilterFault[] = []
  const fault = (field: FilterName, words: string) => void faults.push({ field, words })
  const text = (name: FilterName) => textOf(fields[name])
  const oneOf = <T extends string>(name: FilterName, allowed: readonly T[]): T | null => {
    const given = text(name)
    const found = allowed.find((each) => each === given) ?? null
    if (given !== '' && found === null) fault(name, `“${given.slice(0, 30)}” is not known: use ${allowed.join(', ')}.`)
    return found
  }
  const dayOf = (name: FilterName): Day | null => {
    const given = text(name)
    const found = given === '' ? null : parseDay(given)
    if (given !== '' && found === null)
      fault(name, `“${given.slice(0, 30)}” is not a day. Write it as YYYY-MM-DD, such as 2026-11-24.`)
    return found
  }
  const filter: SubscriberFilter = {
    text: text('q'),
    state: oneOf('state', SUBSCRIBER_STATES),
    frequency: oneOf('frequency', FREQUENCIES),
    interest: text('interest'),
    timezone: text('timezone'),
    consent: text('consent'),
    joinedFrom: dayOf('joined_from'),
    joinedTo: dayOf('joined_to'),
    bounced: oneOf('bounced', ['yes']) === 'yes',
    edition: dayOf('edition'),
    outcome: oneOf('outcome', DELIVERY_STATES),
  }
  const { joinedFrom, joinedTo, edition, outcome } = filter
  if (joinedFrom !== null && joinedTo !== null && joinedTo < joinedFrom)
    fault('joined_to', 'The last day is before the first day.')
  if (faults.length === 0 && (edition === null) !== (outcome === null))
    fault(edition === null ? 'edition' : 'outcome', 'An edition and its result belong together: fill in both.')
  return { filter, faults }
}

/** Returns the fields of a filter, as `readFilter` reads them. */
export function fieldsOf(filter: SubscriberFilter): FilterFields {
  const all: Readonly<Record<FilterName, string>> = {
    q: filter.text,
    state: filter.state ?? '',
    frequency: filter.frequency ?? '',
    interest: filter.interest,
    timezone: filter.timezone,
    consent: filter.consent,
    joined_from: filter.joinedFrom ?? '',
    joined_to: filter.joinedTo ?? '',
    bounced: filter.bounced ? 'yes' : '',
    edition: filter.edition ?? '',
    outcome: filter.outcome ?? '',
  }
  return Object.fromEntries(Object.entries(all).filter(([, value]) => value !== ''))
}

/** Returns a filter in words, such as “active, weekly, interest contains “robots””. It has no address. */
export function filterWords(filter: SubscriberFilter): string {
  const { text, joinedFrom, joinedTo, edition, outcome } = filter
  const words = [
    filter.state,
    filter.frequency,
    text === '' ? null : isDomain(text) ? `address ends with ${text}` : 'address starts with the searched text',
    filter.interest === '' ? null : `interest contains “${filter.interest}”`,
    filter.timezone === '' ? null : `time zone ${filter.timezone}`,
    filter.consent === '' ? null : `consent contains “${filter.consent}”`,
    joinedFrom === null ? null : `joined on ${joinedFrom} or later`,
    joinedTo === null ? null : `joined on ${joinedTo} or earlier`,
    filter.bounced ? 'bounced' : null,
    edition === null || outcome === null ? null : `${outcomeLabel(outcome)} in the edition of ${edition}`,
  ].filter((each) => each !== null)
  return words.length === 0 ? 'all subscribers' : words.join(', ')
}

/** Returns whether a filter can be saved: it must not contain the address of a person. */
export function namesAddress({ text, interest, consent }: SubscriberFilter): boolean {
  return (text !== '' && !isDomain(text)) || /\S@\S/.test(interest) || /\S@\S/.test(consent)
}

function isDomain(text: string): boolean {
  return text.startsWith('@')
}

function outcomeLabel(outcome: DeliveryState): string {
  return outcome === 'refused' ? 'rejected' : outcome === 'uncertain' ? 'unconfirmed' : outcome
}

function textOf(value: unknown): string {
  const text = typeof value === 'string' ? value : Array.isArray(value) ? String(value[0] ?? '') : ''
  // PostgreSQL refuses a lone surrogate.
  return text
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
    .trim()
    .slice(0, FILTER_TEXT_CHARS_MAX)
}
