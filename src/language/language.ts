import { AsyncLocalStorage } from 'node:async_hooks'
import { usageError } from '../platform/errors.ts'
import { type Catalogue, englishCatalogue, type MessageKey, readCatalogue } from './catalogue.ts'
import { createDates, type DateStyle } from './dates.ts'
import { type CompiledMessage, compileMessage, type MessageValues, type NumberRules } from './message.ts'

/** A language: its messages, and how it writes numbers, dates and lists. */
export interface Language {
  /** The name of its file, such as `de`. It is the `lang` of pages and mails. */
  readonly locale: string
  readonly direction: 'ltr' | 'rtl'
  readonly messages: Catalogue
  /** Returns the text of a message. Throws if a value is missing. */
  say(key: MessageKey, values?: MessageValues): string
  /** Returns a message that is compiled once. */
  message(key: MessageKey): CompiledMessage
  number(value: number): string
  /** A number with one decimal. */
  decimal(value: number): string
  /** Formats a day, `YYYY-MM-DD`, or an instant in a time zone. */
  date(at: string | Date, style: DateStyle, timezone?: string): string
  /** `A, B and C`. */
  list(items: readonly string[], type?: 'and' | 'or'): string
}

/** Opens a language. `dir` has files that add languages and replace texts. Throws a UserError (exit 2) that lists all faults. */
export function openLanguage(locale: string, dir: string | null = null): Language {
  const { catalogue, faults } = readCatalogue(locale, dir)
  if (catalogue === null) throw usageError(faults)
  return createLanguage(locale, catalogue)
}

function createLanguage(locale: string, own: Catalogue): Language {
  const english = englishCatalogue()
  const intl = own['language.intl'] ?? locale
  const rules = rulesOf(intl)
  const lists = {
    and: new Intl.ListFormat(intl, { type: 'conjunction' }),
    or: new Intl.ListFormat(intl, { type: 'disjunction' }),
  }
  const decimals = new Intl.NumberFormat(intl, { minimumFractionDigits: 1, maximumFractionDigits: 1 })
  const texts = new Map<MessageKey, CompiledMessage>()
  const message = (key: MessageKey) => {
    let compiled = texts.get(key)
    if (compiled === undefined) {
      compiled = compileMessage(key, own[key] ?? english[key], rules)
      texts.set(key, compiled)
    }
    return compiled
  }
  return {
    locale,
    direction: own['language.direction'] === 'rtl' ? 'rtl' : 'ltr',
    messages: own,
    message,
    say: (key, values = NO_VALUES) => message(key).fill(values),
    number: rules.number,
    decimal: (value) => decimals.format(value),
    date: createDates(intl),
    list: (items, type = 'and') => lists[type].format(items),
  }
}

const NO_VALUES: MessageValues = {}

function rulesOf(intl: string): NumberRules {
  const numbers = new Intl.NumberFormat(intl)
  const plurals = {
    cardinal: new Intl.PluralRules(intl),
    ordinal: new Intl.PluralRules(intl, { type: 'ordinal' }),
  }
  return { number: (value) => numbers.format(value), plural: (value, type) => plurals[type].select(value) }
}

// One installation has one language, so it is set once at the start, and code that writes a sentence needs no further argument.
// The preview and the tests show others with `inLanguage`.
let installed: Language | undefined
const temporary = new AsyncLocalStorage<Language>()

/** Sets the language of this installation. Called once, at the start of a process. */
export function setLanguage(language: Language): void {
  installed = language
}

/** Runs `work`, and all that it starts, in another language. */
export function inLanguage<T>(language: Language, work: () => T): T {
  return temporary.run(language, work)
}

/** Returns the language of the pages and mails that are being written. */
export function language(): Language {
  const chosen = temporary.getStore() ?? installed
  if (chosen !== undefined) return chosen
  installed = openLanguage('en')
  return installed
}

/** Returns the text of a message in the current language. */
export function say(key: MessageKey, values?: MessageValues): string {
  return language().say(key, values)
}
