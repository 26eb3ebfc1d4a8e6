import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { CONSENT_NOTE_CHARS_MAX } from '../../../../../config/limits-subscriptions.ts'
import { checkAddress, DEFAULT_PREFERENCES } from '../../../../domain/subscriber.ts'
import type { OperatorNote } from '../../../../ledger/schema/operator-tables.ts'
import type { AddResult, NewSubscriber } from '../../../../subscriptions/new-subscriber.ts'
import { type Fields, readPreferencesInput } from '../../../../subscriptions/preferences-form.ts'
import type { FormError } from '../../../layout/controls.tsx'
import type { Site } from '../../../layout/page.ts'
import { firstOf, readPosted } from '../../../requests/posted.ts'
import type { AdminDeps } from '../../deps.ts'
import { HiddenFields, sendAdminPage } from '../../layout/admin-page.tsx'
import { FormFaults } from '../../layout/form-faults.tsx'
import { reasonOf } from '../../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../../login/guard.ts'
import { PreferenceFields, TextField } from './preference-fields.tsx'

/** Adds `/admin/readers/new`: adds a subscriber with all preferences, active at once or after a confirmation. */
export function addNewSubscriberPage(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const show = (request: FastifyRequest, reply: FastifyReply, typed: Fields | null, faults: readonly FormError[]) => {
    const content = <NewPage typed={typed} faults={faults} csrf={operatorOf(request).csrf} now={site.clock()} />
    const page = { title: 'Add a subscriber', section: 'subscribers', content } as const
    return sendAdminPage(request, reply, { site, deps }, page, faults.length > 0 ? 422 : 200)
  }
  admin.get('/readers/new', (request, reply) => show(request, reply, null, []))
  admin.post('/readers', async (request, reply) => {
    const read = readNew(request, site, deps)
    if (!read.ok) return show(request, reply, readPosted(request), read.faults)
    const { subscriber } = read
    const at = site.clock()
    const result = await add(subscriber, at, deps)
    if (result === undefined || result.kind === 'suppressed')
      return show(request, reply, readPosted(request), [
        { field: 'email', words: 'This address is suppressed and must not be mailed.' },
      ])
    const to = `/admin/readers/${result.id}`
    const go = (note: OperatorNote) => redirectWithNote(request, reply, deps, to, note)
    if (result.kind === 'known')
      return go({ kind: 'bad', words: `This address is already on the list (${result.state}).` })
    const action = { action: 'subscriber.added', subscriberId: result.id, after: { state: subscriber.state } }
    await deps.ledger.operators.recordAction(actorOf(request), action, at)
    const words =
      subscriber.state === 'pending' ? 'Subscriber added. A confirmation mail is on its way.' : 'Subscriber added.'
    return go({ kind: 'good', words })
  })
}

async function add(subscriber: NewSubscriber, at: Date, deps: AdminDeps): Promise<AddResult | undefined> {
  const { ledger, newId, sendTransactionals } = deps
  if (subscriber.state === 'active') return (await ledger.subscribers.addSubscribers([subscriber], at))[0]
  const added = await ledger.signUps.addPendingSubscribers([subscriber], { form: 'operator', newId, at })
  await sendTransactionals(added.transactionalIds)
  return added.results[0]
}

type ReadNew =
  | { readonly ok: true; readonly subscriber: NewSubscriber }
  | { readonly ok: false; readonly faults: readonly FormError[] }

function readNew(request: FastifyRequest, site: Site, { tokens }: AdminDeps): ReadNew {
  const faults: FormError[] = []
  const address = checkAddress(field(request, 'email'))
  if (!address.ok) faults.push({ field: 'email', words: `Not added: ${address.reason}.` })
  const note = reasonOf(field(request, 'consent'))
  if (!note.ok || note.reason.length > CONSENT_NOTE_CHARS_MAX)
    faults.push({
      field: 'consent',
      words: `Enter the source of their consent, in 3 to ${CONSENT_NOTE_CHARS_MAX} characters and without an address.`,
    })
  const { entered, faults: found } = readPreferencesInput(readPosted(request), DEFAULT_PREFERENCES)
  faults.push(...found)
  if (!address.ok || !note.ok || faults.length > 0) return { ok: false, faults }
  const subscriber: NewSubscriber = {
    email: address.email,
    emailKey: address.key,
    addressHash: tokens.hashAddress(address.key),
    state: field(request, 'confirm') === 'yes' ? 'pending' : 'active',
    preferences: entered,
    consent: { by: 'operator', note: note.reason, at: site.clock().toISOString() },
  }
  return { ok: true, subscriber }
}

function NewPage({
  typed,
  faults,
  csrf,
  now,
}: {
  readonly typed: Fields | null
  readonly faults: readonly FormError[]
  readonly csrf: string
  readonly now: Date
}) {
  const value = (name: string) => (typed === null ? '' : (firstOf(typed, name) ?? ''))
  return (
    <>
      <h1>Add a subscriber</h1>
      <FormFaults faults={faults} outcome="Nothing was saved." />
      <form method="post" action="/admin/readers" className="stack wishes edit-form">
        <HiddenFields csrf={csrf} />
        <section className="panel stack">
          <TextField name="email" label="Email address" type="email" value={value('email')} faults={faults} />
          <TextField
            name="consent"
            label="Source of consent"
            value={value('consent')}
            faults={faults}
            hint="Where and when this person agreed to get the digest, such as: list at the conference, 3 May."
          />
          <label className="choice">
            <input type="checkbox" name="confirm" value="yes" defaultChecked={value('confirm') === 'yes'} />
            <span>Send a confirmation mail first. They get no digest before they press its button.</span>
          </label>
        </section>
        <PreferenceFields preferences={DEFAULT_PREFERENCES} faults={faults} typed={typed} now={now} />
        <div className="save">
          <button type="submit">Add subscriber</button>
        </div>
      </form>
    </>
  )
}
