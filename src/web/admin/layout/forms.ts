import type { FastifyRequest } from 'fastify'
import { REASON_CHARS_MAX } from '../../../../config/limits-web.ts'
import { field } from '../login/guard.ts'

/** Why an operator does something: one line that has to say something, or what is wrong with it. */
export function reasonOf(
  text: string,
): { readonly ok: true; readonly reason: string } | { readonly ok: false; readonly fault: string } {
  const reason = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  if (reason.length < 3) return { ok: false, fault: 'Please give a reason: whoever comes after you will want to know.' }
  if (reason.length > REASON_CHARS_MAX)
    return { ok: false, fault: `The reason is longer than ${REASON_CHARS_MAX} characters.` }
  // The record outlives the erasure of a reader, so no address may stand in it.
  if (/\S@\S/.test(reason))
    return { ok: false, fault: 'Please leave addresses out of the reason: it is kept for good.' }
  return { ok: true, reason }
}

/** The number in a field, or null when it is none between `least` and `most`. */
export function numberIn(request: FastifyRequest, name: string, least: number, most: number): number | null {
  const text = field(request, name)
  const value = /^\d{1,6}(\.\d{1,3})?$/.test(text) ? Number(text) : Number.NaN
  return value >= least && value <= most ? value : null
}

/** An id of the ledger, or null when it is none. */
export function idOf(text: string | undefined): string | null {
  return text !== undefined && /^[1-9]\d{0,17}$/.test(text) ? text : null
}
