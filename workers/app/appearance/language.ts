import type { Config } from '../../../config/config.ts'
import { type Language, openLanguage } from '../../../src/language/language.ts'

/** Returns the language that the readers of this installation see. */
export function languageOf({ language }: Config): Language {
  return openLanguage(language?.locale ?? 'en', language?.dir ?? null)
}
