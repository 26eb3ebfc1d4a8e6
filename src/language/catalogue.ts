import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { LOCALE_FILE_BYTES_MAX } from '../../config/limits-language.ts'
import type english from '../../locales/en.json'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import { namesIn, parseMessage } from './message.ts'

/** The key of a message. A key that English lacks is a type error. */
export type MessageKey = keyof typeof english

/** The messages of one language by key. A message that is missing is English. */
export type Catalogue = Readonly<Partial<Record<MessageKey, string>>>

/** A catalogue, or what is wrong with its file. */
export type CatalogueReading =
  | { readonly catalogue: Catalogue; readonly faults: readonly [] }
  | { readonly catalogue: null; readonly faults: readonly string[] }

/** The folder of the program’s own languages. */
const OWN_LOCALES = join(PACKAGE_ROOT, 'locales')

/** These say how a language is written. They differ between languages and are never taken from English. */
const DESCRIPTIONS: ReadonlySet<string> = new Set(['language.name', 'language.intl', 'language.direction'])

/** Returns the names of the languages that have a file, such as `de`. */
export function localesIn(dir: string | null): string[] {
  const folders = [OWN_LOCALES, ...(dir === null || !existsSync(dir) ? [] : [dir])]
  const files = folders.flatMap((folder) => readdirSync(folder))
  return [...new Set(files.filter((file) => file.endsWith('.json')).map((file) => file.slice(0, -5)))].sort()
}

let ownEnglish: Required<Catalogue> | undefined

/** Returns the program’s own English messages. Every other language falls back to them. */
export function englishCatalogue(): Required<Catalogue> {
  ownEnglish ??= JSON.parse(readFileSync(join(OWN_LOCALES, 'en.json'), 'utf8')) as Required<Catalogue>
  return ownEnglish
}

/**
 * Reads the messages of a language: those of `dir`, then the program’s own. A fault names the file, the key and what is wrong.
 * English texts that an operator changed are used for other languages too.
 */
export function readCatalogue(locale: string, dir: string | null): CatalogueReading {
  const found = [OWN_LOCALES, ...(dir === null ? [] : [dir])].flatMap((folder) =>
    (locale === 'en' ? ['en'] : ['en', locale])
      .map((name) => ({ name, path: join(folder, `${name}.json`) }))
      .filter(({ path }) => existsSync(path)),
  )
  // English first, whichever folder it is in: a translation counts more than English.
  found.sort((one, other) => Number(other.name === 'en') - Number(one.name === 'en'))
  if (!found.some(({ name }) => name === locale)) {
    const missing = `LOCALE is ${locale}, but there is no ${locale}.json. There are ${localesIn(dir).join(', ')}. Set LOCALES_DIR to a folder with ${locale}.json.`
    return { catalogue: null, faults: [missing] }
  }
  const readings = found.map(({ name, path }) => {
    const reading = readFile(path)
    if (reading.catalogue === null || name === locale) return reading
    const shared = Object.entries(reading.catalogue).filter(([key]) => !DESCRIPTIONS.has(key))
    return { catalogue: Object.fromEntries(shared), faults: [] as const }
  })
  const faults = readings.flatMap((reading) => reading.faults)
  if (faults.length > 0) return { catalogue: null, faults }
  return { catalogue: Object.assign({}, ...readings.map(({ catalogue }) => catalogue)), faults: [] }
}

function readFile(path: string): CatalogueReading {
  if (path.startsWith(OWN_LOCALES) && path.endsWith('/en.json')) return { catalogue: englishCatalogue(), faults: [] }
  const text = readFileSync(path, 'utf8')
  if (text.length > LOCALE_FILE_BYTES_MAX)
    return { catalogue: null, faults: [`${path} has more than ${LOCALE_FILE_BYTES_MAX} characters.`] }
  let read: unknown
  try {
    read = JSON.parse(text)
  } catch (error) {
    return { catalogue: null, faults: [`${path} is not valid JSON: ${(error as Error).message}.`] }
  }
  if (typeof read !== 'object' || read === null || Array.isArray(read))
    return { catalogue: null, faults: [`${path} must be an object of messages by key, like locales/en.json.`] }
  const faults = Object.entries(read).flatMap(([key, message]) =>
    faultsOf(key, message).map((fault) => `${path}: ${key} ${fault}`),
  )
  return faults.length === 0 ? { catalogue: read, faults: [] } : { catalogue: null, faults }
}

function faultsOf(key: string, message: unknown): string[] {
  const english = (englishCatalogue() as Readonly<Record<string, string>>)[key]
  if (english === undefined) return ['is not a key of locales/en.json. Remove it, or correct its name.']
  if (typeof message !== 'string') return ['must be a text in quotation marks.']
  if (key === 'language.intl' && !isIntlLocale(message))
    return [`is “${message}”, which is not a language tag such as de or pt-BR.`]
  if (key === 'language.direction' && !['ltr', 'rtl'].includes(message)) return ['must be ltr or rtl.']
  try {
    const [expected, given] = [namesIn(parseMessage(english)), namesIn(parseMessage(message))]
    const missing = [...expected].filter((name) => !given.has(name)).map((name) => `lacks ${shown(name)}.`)
    const unknown = [...given]
      .filter((name) => !expected.has(name))
      .map((name) => `has ${shown(name)}, which the English message does not have.`)
    return [...missing, ...unknown]
  } catch (error) {
    const { message: reason, location } = error as Error & { location?: { start?: { column?: number } } }
    return [`is not a valid message: ${reason} at character ${location?.start?.column ?? '?'}.`]
  }
}

function shown(name: string): string {
  return name.startsWith('<') ? name : `{${name}}`
}

function isIntlLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1
  } catch {
    return false
  }
}
