import { INTEREST_CHARS_MAX, INTERESTS_MAX } from '../../config/limits.ts'
import { FORM_FIELD_CHARS_MAX } from '../../config/limits-subscriptions.ts'
import { isTimezone } from '../domain/day.ts'
import { interestFault } from '../domain/interests/interest-faults.ts'
import {
  checkAddress,
  DEFAULT_PREFERENCES,
  FORMATS,
  type Format,
  FREQUENCIES,
  type Frequency,
  type Preferences,
} from '../domain/subscriber.ts'
import { say } from '../language/language.ts'
import { providerOf } from './mailbox.ts'

/** The subscribe form as typed: unchecked text. */
export interface SignUpFields {
  readonly email: string
  readonly interests: string
  readonly frequency: string
  readonly timezone: string
  readonly hour: string
  readonly format?: string
}

export const EMPTY_SIGN_UP: SignUpFields = {
  email: '',
  interests: '',
  frequency: '',
  timezone: '',
  hour: '',
  format: '',
}

/** Errors by field. Each is a sentence for the visitor. */
export type SignUpFaults = Partial<Record<keyof SignUpFields, string>>

/** A valid form. */
export interface SignUp {
  readonly email: string
  readonly emailKey: string
  /** From `providerOf`. */
  readonly provider: string
  readonly preferences: Preferences
}

export type SignUpCheck =
  | { readonly ok: true; readonly signUp: SignUp }
  | { readonly ok: false; readonly faults: SignUpFaults }

/** Checks the subscribe form and finds all errors at once. Empty fields get their defaults. */
export function checkSignUp(fields: SignUpFields): SignUpCheck {
  const address = checkAddress(fields.email)
  const interests = parseInterests(fields.interests)
  const frequency = fields.frequency || DEFAULT_PREFERENCES.frequency
  const timezone = fields.timezone.trim() || DEFAULT_PREFERENCES.timezone
  const format = fields.format || DEFAULT_PREFERENCES.format
  const hour = fields.hour.trim() === '' ? DEFAULT_PREFERENCES.deliveryHour : wholeHour(fields.hour.trim())
  const faults: SignUpFaults = {
    ...(address.ok ? {} : { email: sentence(address.reason) }),
    ...(interests.ok ? {} : { interests: interests.fault }),
    ...(isFrequency(frequency) ? {} : { frequency: say('signUp.frequency') }),
    ...(isTimezone(timezone) ? {} : { timezone: say('signUp.timezone') }),
    ...(isFormat(format) ? {} : { format: say('signUp.length') }),
    ...(hour === null ? { hour: say('signUp.hour') } : {}),
  }
  if (!address.ok || !interests.ok || !isFrequency(frequency) || !isFormat(format) || hour === null)
    return { ok: false, faults }
  if (Object.keys(faults).length > 0) return { ok: false, faults }
  return {
    ok: true,
    signUp: {
      email: address.email,
      emailKey: address.key,
      provider: providerOf(address.key.slice(address.key.lastIndexOf('@') + 1)),
      preferences: {
        ...DEFAULT_PREFERENCES,
        interests: interests.value,
        frequency,
        timezone,
        format,
        deliveryHour: hour,
      },
    },
  }
}

export type InterestsCheck =
  | { readonly ok: true; readonly value: readonly string[] }
  | { readonly ok: false; readonly fault: string }

/** Parses interests, separated by commas, semicolons or lines. */
export function parseInterests(text: string): InterestsCheck {
  if (text.length > FORM_FIELD_CHARS_MAX)
    return {
      ok: false,
      fault: say('signUp.long', { chars: FORM_FIELD_CHARS_MAX }),
    }
  const phrases = new Map(
    text
      .split(/[,;\r\n]+/)
      .map((phrase) => phrase.replace(/[ \t]+/g, ' ').trim())
      .filter((phrase) => phrase !== '')
      .map((phrase) => [phrase.toLowerCase(), phrase]),
  )
  const value = [...phrases.values()]
  // A jsonb column accepts neither NUL nor lone surrogates.
  if (value.some((phrase) => /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202a-\u202e\u2066-\u2069]/u.test(phrase)))
    return { ok: false, fault: say('signUp.control') }
  if (value.length > INTERESTS_MAX)
    return { ok: false, fault: say('signUp.many', { count: value.length, most: INTERESTS_MAX }) }
  const long = value.find((phrase) => phrase.length > INTEREST_CHARS_MAX)
  if (long !== undefined)
    return { ok: false, fault: say('signUp.longInterest', { text: long.slice(0, 30), chars: INTEREST_CHARS_MAX }) }
  const faults = value.flatMap((phrase) => interestFault(phrase) ?? [])
  if (faults.length > 0) return { ok: false, fault: faults.join(' ') }
  return { ok: true, value }
}

function isFrequency(text: string): text is Frequency {
  return (FREQUENCIES as readonly string[]).includes(text)
}

function isFormat(text: string): text is Format {
  return (FORMATS as readonly string[]).includes(text)
}

function wholeHour(text: string): number | null {
  return /^\d{1,2}$/.test(text) && Number(text) <= 23 ? Number(text) : null
}

function sentence(reason: string): string {
  return `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`
}
