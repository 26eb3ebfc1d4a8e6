import { type Day, parseDay } from '../domain/day.ts'
import { periodOf } from '../domain/delivery.ts'
import type { Edition, Entry } from '../domain/edition.ts'
import type { FeedbackProfile } from '../domain/feedback-profile.ts'
import type { Preferences } from '../domain/subscriber.ts'
import type { Message } from '../mail/transport.ts'
import { createComposer, type DigestEditions } from '../pipeline/compose/compose.ts'
import { type Sender, transactionalMessage } from '../pipeline/compose/message.ts'
import { SUBSCRIBED } from '../pipeline/deliver-transactional.ts'
import { explainRank } from '../ranking/explain.ts'
import { compileDigest } from '../rendering/digest/compile.ts'
import type { Brand, DigestProps, TemplateEngine } from '../rendering/digest/props.ts'
import { viewModelOf } from '../rendering/digest/view-model.ts'
import type { Templates } from '../rendering/templates.ts'
import { renderTransactional } from '../rendering/transactional.ts'
import type { TransactionalProps } from '../rendering/transactional-props.ts'
import type { Links } from '../security/signed-links.ts'
import { scenarioEdition } from './scenarios/scenarios.ts'
import { SAMPLE_SUBSCRIBER, sampleTransactional } from './scenarios/transactional.ts'
import type { EditableProps } from './templates/input.ts'

/** In whose name the preview's mails are. Links are signed with a key of the preview: they look right and open nothing. */
export interface PreviewIdentity {
  readonly brand: Brand
  readonly sender: Sender
  readonly links: Links
  readonly keyId: string
}

/** Editions and one reader: out of a scenario, or out of the ledger. */
export interface DigestScenario {
  readonly editions: DigestEditions
  readonly day: Day
  readonly subscriber: Preferences & {
    readonly id: string
    readonly email: string
    readonly learned?: FeedbackProfile | null
  }
  /** The day on which a pause began that this digest is the first after, or null. */
  readonly since: Day | null
  readonly readHad: (paperIds: readonly string[], period: string) => Promise<readonly string[]>
}

export interface ComposeOptions {
  readonly engine: TemplateEngine
  readonly templates: Templates
  readonly edit: EditableProps | null
}

/** A mail as it would go out, and the props that it was made of. */
export type ComposedMail =
  | { readonly kind: 'message'; readonly message: Message; readonly props: EditableProps }
  | { readonly kind: 'nothing'; readonly why: string }

/** One reader's digest, by the composer that the send uses; only its templates and its rows come from elsewhere. */
export async function composeDigest(
  given: DigestScenario,
  making: ComposeOptions,
  identity: PreviewIdentity,
): Promise<ComposedMail> {
  const edit = making.edit !== null && 'subscriber' in making.edit ? making.edit : null
  const matter = edit === null ? given : await edited(given, edit)
  const { subscriber, day, since } = matter
  // After a pause a daily reader’s digest draws from the week, as the composer has it.
  const span = since === null ? subscriber.frequency : 'weekly'
  let shown: DigestProps | null = null
  const composer = createComposer({
    editions: matter.editions,
    compile(input) {
      const ours = input.frequency === span
      const props = ours && edit !== null ? edit.props : viewModelOf(input)
      if (ours) shown = props
      return compileDigest(props, making.engine, making.templates)
    },
    links: identity.links,
    brand: identity.brand,
    sender: identity.sender,
    keyId: identity.keyId,
    template: 'preview',
  })
  const issue = await composer.open(day, span === 'weekly')
  const period = periodOf(subscriber.frequency, day)
  const had = await matter.readHad(issue.pool.ids, period)
  const [decision] = issue.decide([
    {
      deliveryId: '0',
      subscriberId: subscriber.id,
      period,
      catchUpFrom: since,
      subscriber: { ...subscriber, state: 'active', suppressed: false },
      alreadySent: had,
    },
  ])
  if (decision?.kind !== 'send') return { kind: 'nothing', why: whyNothing(decision?.reason) }
  const member = { ...decision, subscriberId: subscriber.id, deferrals: 0 }
  const frozenAt = new Date(`${day}T09:00:00Z`)
  const message = issue.message({ day, keyId: identity.keyId, frozenAt }, member)
  if (shown === null) throw new Error('the composer presented no edition')
  return { kind: 'message', message, props: { subscriber: preferencesOf(subscriber), props: shown } }
}

/** One notice, as the notify story makes it. */
export async function composeTransactional(
  folder: string,
  making: ComposeOptions,
  identity: PreviewIdentity,
): Promise<ComposedMail> {
  const props = (making.edit?.props as TransactionalProps | undefined) ?? sampleTransactional(folder, identity)
  const rendered = await renderTransactional(props, making.engine, making.templates)
  const message = transactionalMessage({
    transactionalId: '0',
    kind: props.kind,
    address: SAMPLE_SUBSCRIBER.email,
    rendered,
    createdAt: new Date('2026-11-24T09:00:00Z'),
    sender: identity.sender,
    unsubscribeUrl: SUBSCRIBED.has(props.kind) ? identity.links.subscriber('unsubscribe', SAMPLE_SUBSCRIBER.id) : null,
  })
  return { kind: 'message', message, props: { props } }
}

/** A scenario's rows: nothing was sent before. */
export function scenarioOf(scenario: {
  readonly day: Day
  readonly editions: readonly Edition[]
  readonly subscriber: Preferences
  readonly since?: Day
}): DigestScenario {
  const byDay = new Map(scenario.editions.map((edition) => [edition.day, edition]))
  return {
    day: scenario.day,
    subscriber: { ...scenario.subscriber, ...SAMPLE_SUBSCRIBER },
    since: scenario.since ?? null,
    editions: {
      readEdition: async (on) => byDay.get(on) ?? null,
      readCandidateDays: async (from, to) => [...byDay.keys()].filter((on) => on >= from && on <= to).sort(),
      readEarlierDays: async () => new Map(),
      readSignals: async () => new Map(),
      readFirstSignals: async () => new Map(),
      readDuplicateIds: async () => new Map(),
      readLexicon: async () => null,
    },
    readHad: async () => [],
  }
}

/** The same day with the papers and the reader of edited props, so that what is chosen is what is shown. */
async function edited(
  given: DigestScenario,
  edit: { subscriber: Preferences; props: DigestProps },
): Promise<DigestScenario> {
  const day = parseDay(edit.props.day) ?? given.day
  const known = new Map<string, Entry>()
  for (const on of await given.editions.readCandidateDays(given.day, given.day))
    for (const entry of (await given.editions.readEdition(on))?.entries ?? []) known.set(entry.paper.id, entry)
  const { papers } = edit.props
  const entries = papers.map((paper, index): Entry => {
    const before = known.get(paper.id)?.paper
    const signals = { upvotes: paper.votes, comments: paper.comments, stars: paper.stars }
    return {
      rank: index + 1,
      score: papers.length - index,
      why: explainRank(index + 1, papers.length, signals, edit.props.frequency === 'weekly' ? 'week' : 'day'),
      signals,
      paper: {
        id: paper.id,
        title: paper.title,
        abstract: paper.abstract,
        authors: before?.authors ?? [],
        publishedAt: before?.publishedAt ?? null,
        categories: before?.categories ?? [],
        keywords: before?.keywords ?? [],
        links: before?.links ?? {},
        machineSummary: paper.machineSummary,
        organization: paper.organization,
      },
    }
  })
  const scenario = {
    day,
    editions: [scenarioEdition(day, entries, edit.props.incomplete)],
    subscriber: edit.subscriber,
  }
  return {
    ...scenarioOf(scenario),
    since: given.since,
    subscriber: { ...edit.subscriber, id: given.subscriber.id, email: given.subscriber.email },
  }
}

function preferencesOf(subscriber: DigestScenario['subscriber']): Preferences {
  const { id: _id, email: _email, learned: _learned, ...preferences } = subscriber
  return preferences
}

function whyNothing(reason: string | undefined): string {
  return reason === 'nothing-new'
    ? 'This reader gets no mail: there is no paper that was not sent before and is not muted.'
    : `This reader gets no mail: ${reason ?? 'nothing was decided'}.`
}
