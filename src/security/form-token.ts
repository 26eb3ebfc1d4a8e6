import { FORM_AGE_MS_MAX, FORM_AGE_MS_MIN } from '../../config/limits-subscriptions.ts'
import { CONSENT_TEXT, type ConsentTextVersion, isConsentText } from '../domain/consent.ts'
import type { Tokens } from './tokens.ts'

/** The result of checking a form token. `none`: the request has no token; `unfit`: the token is forged, too new or too old. */
export type FormCheck =
  | { readonly kind: 'fit'; readonly wording: ConsentTextVersion; readonly ageMs: number }
  | { readonly kind: 'none' }
  | { readonly kind: 'unfit' }

/**
 * Returns a token for the subscribe form, with the time and the version of the consent text. It proves that the page was
 * loaded recently, and needs neither a cookie nor personal data.
 */
export function signForm(tokens: Tokens, now: Date): string {
  return tokens.sign('form', `${now.getTime()} ${CONSENT_TEXT}`)
}

/** Checks the token of a submitted form. */
export function verifyForm(tokens: Tokens, token: string, now: Date): FormCheck {
  if (token === '') return { kind: 'none' }
  const [time = '', wording = ''] = (tokens.verify('form', token) ?? '').split(' ')
  const age = now.getTime() - Number(time)
  const fits = /^\d{1,15}$/.test(time) && age >= FORM_AGE_MS_MIN && age <= FORM_AGE_MS_MAX
  return fits && isConsentText(wording) ? { kind: 'fit', wording, ageMs: age } : { kind: 'unfit' }
}
