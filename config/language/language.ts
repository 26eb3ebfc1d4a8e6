import { statSync } from 'node:fs'
import { resolve } from 'node:path'
import { z } from 'zod'
import { readCatalogue } from '../../src/language/catalogue.ts'
import type { LanguageConfig } from '../config.ts'

/** The name of a language’s file, such as `de` or `pt-BR`. */
export const locale = () =>
  z.string().regex(/^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8}){0,3}$/, 'must be the name of a language, such as en, de or pt-BR')

/** Returns the language of the values that are set. */
export function languageOf(
  { LOCALE, LOCALES_DIR }: { readonly LOCALE: string; readonly LOCALES_DIR?: string | undefined },
  cwd: string,
): LanguageConfig {
  return { locale: LOCALE, dir: LOCALES_DIR === undefined ? null : resolve(cwd, LOCALES_DIR) }
}

/** Returns what is wrong with the files of a language: each fault names the file and the key. */
export function languageFaults({ locale, dir }: LanguageConfig): readonly string[] {
  if (dir !== null && statSync(dir, { throwIfNoEntry: false })?.isDirectory() !== true)
    return [`LOCALES_DIR is ${dir}, which is not a folder. Set it to a folder with files such as fr.json.`]
  return locale === 'en' && dir === null ? [] : readCatalogue(locale, dir).faults
}
