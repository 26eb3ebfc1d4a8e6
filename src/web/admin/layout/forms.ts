import type { FastifyRequest } from 'fastify'
import { REASON_CHARS_MAX } from '../../../../config/limits-web.ts'
import { field } from '../login/guard.ts'

/** Checks an operator's reason, and returns it on one line or says what is wrong with it. */
export function reasonOf(
  text: string,
): { readonly ok: true; readonly reason: string } | { readonly ok: false; readonly fault: string } {
  const reason = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  if (reason.length < 3) return { ok: false, fault: 'Please give a reason. It is stored in the audit log.' }
  if (reason.length > REASON_CHARS_MAX)
    return { ok: false, fault: `The reason is longer than ${REASON_CHARS_MAX} characters.` }
  // The audit log outlives the erasure of a subscriber, so it must not contain addresses.
  if (/\S@\S/.test(reason))
    return { ok: false, fault: 'Please leave email addresses out of the reason. The audit log is permanent.' }
  return { ok: true, reason }
}

/** Returns the number in a field, or null if it is not a number from `least` to `most`. */
export function numberIn(request: FastifyRequest, name: string, least: number, most: number): number | null {
  const text = field(request, name)
  const value = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : null
}

/** Returns the text if it is a database id, or null. */
export function idOf(text: string | undefined): string | null {
  return text !== undefined && /^[1-9]\d{0,17}$/.test(text) ? text : null
}
