import { FORM_AGE_MS_MAX, FORM_AGE_MS_MIN } from '../../config/limits.ts'
import { CONSENT_TEXT, type ConsentTextVersion, isConsentText } from '../domain/consent.ts'
import type { Tokens } from './tokens.ts'

/** What the form token of a post says. `none`: it brought none, such as a script's; `unfit`: forged, too young or too old. */
export type FormCheck =
  | { readonly kind: 'fit'; readonly wording: ConsentTextVersion; readonly ageMs: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'unfit' }

/**
 * A token for the subscribe form: when the form was shown and with which words. It is bound to nothing personal and
 * sets no cookie; it proves that the page was fetched a moment ago and not a month.
 */
export function signForm(tokens: Tokens, now: Date): string {
  return tokens.sign('form', `${now.getTime()} ${CONSENT_TEXT}`)
}

/** Judges the token that came with a post. */
export function verifyForm(tokens: Tokens, token: string, now: Date): FormCheck {
  if (token === '') return { kind: 'none' }
  const [time = '', wording = ''] = (tokens.verify('form', token) ?? '').split(' ')
  const age = now.getTime() - Number(time)
  const fits = /^\d{1,15}$/.test(time) && age >= FORM_AGE_MS_MIN && age <= FORM_AGE_MS_MAX
  return fits && isConsentText(wording) ? { kind: 'fit', wording, ageMs: age } : { kind: 'unfit' }
}
