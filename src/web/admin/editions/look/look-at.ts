import type { FastifyRequest } from 'fastify'
import { LOOK_MATCHES_MAX } from '../../../../../config/limits-web.ts'
import type { Day } from '../../../../domain/day.ts'
import { EVERYBODY } from '../../../../domain/segments/filter.ts'
import type { ViewedDigest } from '../../../../pipeline/look/compose-view.ts'
import type { DigestReader } from '../../../../pipeline/look/readers.ts'
import type { AdminDeps } from '../../deps.ts'
import { readerOf, readLookQuery } from './look-query.ts'
import type { LookedAt } from './look-section.tsx'

/** `found`: the search means this subscriber, so the address names them by their number instead of their address. */
export type LookAt =
  | { readonly kind: 'shown'; readonly shown: LookedAt }
  | { readonly kind: 'found'; readonly id: string }

/** Reads what a request to the edition’s page wants to see of its digests, and composes it. */
export async function lookAt(request: FastifyRequest, day: Day, deps: AdminDeps): Promise<LookAt> {
  const asked = request.query as Record<string, unknown>
  const text = typeof asked.subscriber === 'string' ? asked.subscriber.trim() : ''
  const query = readLookQuery(asked)
  const found = text === '' ? null : await deps.look.findReader(text)
  if (found !== null) return { kind: 'found', id: found.id }
  const search = text === '' ? null : { text, matches: await searchFor(text, deps) }
  const reader = await readerOf(query, day, deps)
  const view = await composeFor(reader, day, deps)
  const { transports } = deps
  const papers = view.kind === 'none' ? [] : await deps.look.readPapers(view.paperIds)
  return { kind: 'shown', shown: { query, reader: reader?.name ?? null, view, papers, search, transports } }
}

async function composeFor(reader: DigestReader | null, day: Day, { look }: AdminDeps): Promise<ViewedDigest> {
  if (reader === null) return { kind: 'none', why: 'there is no such subscriber' }
  try {
    return await look.compose(day, reader)
  } catch (error) {
    return { kind: 'none', why: `it cannot be composed. ${(error as Error).message}` }
  }
}

async function searchFor(text: string, { ledger }: AdminDeps) {
  return ledger.segments.searchSubscribers({ ...EVERYBODY, text }, { before: null, limit: LOOK_MATCHES_MAX })
}
