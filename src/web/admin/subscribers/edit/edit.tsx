import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { Preferences, Subscriber } from '../../../../domain/subscriber.ts'
import { DEFAULT_PREFERENCES } from '../../../../domain/subscriber.ts'
import { type Fields, readPreferencesInput } from '../../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../../layout/controls.tsx'
import { sendErrorPage } from '../../../layout/errors.tsx'
import type { Site } from '../../../layout/page.ts'
import { readPosted } from '../../../requests/posted.ts'
import type { AdminDeps } from '../../deps.ts'
import { sendAdminPage } from '../../layout/admin-page.tsx'
import { idOf, reasonOf } from '../../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../../login/guard.ts'
import { addAddressActions } from './address.ts'
import { EditPage, type Shown } from './edit-page.tsx'

type IdRequest = { Params: { id: string } }

/** Adds `/admin/readers/:id/edit`: the preferences and the address of a subscriber. */
export function addEditPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const show = async (
    request: FastifyRequest,
    reply: FastifyReply,
    shown: Omit<Shown, 'now' | 'csrf' | 'consent'>,
    status = 200,
  ) => {
    const record = await deps.ledger.subscribers.readSubscriberListing(shown.subscriber.id)
    const consent = record?.consent?.note ?? ''
    const content = <EditPage {...shown} consent={consent} csrf={operatorOf(request).csrf} now={site.clock()} />
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      { title: 'Edit subscriber', section: 'subscribers', content },
      status,
    )
  }
  admin.get<IdRequest>('/readers/:id/edit', async (request, reply) => {
    const subscriber = await find(request.params.id, deps)
    if (subscriber === null) return sendErrorPage(reply, site, 404)
    return show(request, reply, fresh(subscriber))
  })
  admin.post<IdRequest>('/readers/:id/edit', async (request, reply) => {
    const subscriber = await find(request.params.id, deps)
    if (subscriber === null) return sendErrorPage(reply, site, 404)
    const base = readBase(field(request, 'base'))
    if (base === null) return sendErrorPage(reply, site, 400, 'The form was incomplete. Open the page again and retry.')
    const posted = readPosted(request)
    const { entered, faults: found } = readPreferencesInput(posted, base)
    const reason = reasonOf(field(request, 'reason'))
    const faults: FormError[] = [...found, ...(reason.ok ? [] : [{ field: 'reason', words: reason.fault }])]
    if (!reason.ok || faults.length > 0)
      return show(request, reply, { ...fresh(subscriber), base, faults, typed: posted }, 422)
    const context = { actor: actorOf(request), reason: reason.reason, at: site.clock() }
    const result = await deps.ledger.subscribers.editPreferences(subscriber.id, { base, wanted: entered }, context)
    if (result.kind === 'not-found') return sendErrorPage(reply, site, 404)
    if (result.kind === 'conflict') {
      const { current, fields } = result
      const shown = { ...merged(current, base, entered), reason: reason.reason }
      const conflict = fields.map((name) => ({ field: name, stored: current[name], entered: entered[name] }))
      return show(request, reply, { ...shown, conflict }, 409)
    }
    const words = result.changed.length === 0 ? 'Nothing was changed.' : 'Saved. Their next digest uses this.'
    return redirectWithNote(request, reply, deps, `/admin/readers/${subscriber.id}`, { kind: 'good', words })
  })
  addAddressActions(admin, site, deps)
}

function fresh(subscriber: Subscriber): Omit<Shown, 'now' | 'csrf' | 'consent'> {
  return {
    subscriber,
    preferences: subscriber,
    base: subscriber,
    typed: null as Fields | null,
    faults: [],
    conflict: [],
    reason: '',
  }
}

/** The form after a conflict: what the operator changed, and what is stored now for the rest. Saving again overwrites. */
function merged(current: Subscriber, base: Preferences, entered: Preferences) {
  const names = Object.keys(DEFAULT_PREFERENCES) as (keyof Preferences)[]
  const touched = names.filter((name) => JSON.stringify(entered[name]) !== JSON.stringify(base[name]))
  const preferences = { ...current, ...Object.fromEntries(touched.map((name) => [name, entered[name]])) }
  return { ...fresh(current), preferences }
}

/** Reads the preferences that the form showed when it was opened; null if the field is broken. */
function readBase(text: string): Preferences | null {
  try {
    const base: unknown = JSON.parse(text)
    if (typeof base !== 'object' || base === null) return null
    const names = Object.keys(DEFAULT_PREFERENCES) as (keyof Preferences)[]
    const isComplete = names.every((name) => {
      const [given, known] = [(base as Record<string, unknown>)[name], DEFAULT_PREFERENCES[name]]
      return typeof given === typeof known && Array.isArray(given) === Array.isArray(known)
    })
    return isComplete ? (base as Preferences) : null
  } catch {
    return null
  }
}

async function find(text: string, { ledger }: AdminDeps): Promise<Subscriber | null> {
  const id = idOf(text)
  return id === null ? null : ledger.subscribers.readSubscriber(id)
}
