import { type Day, parseDay } from '../domain/day.ts'
import { periodOf } from '../domain/delivery.ts'
import type { Edition, Entry } from '../domain/edition.ts'
import type { FeedbackProfile } from '../domain/interests/feedback-profile.ts'
import type { StarGrowth } from '../domain/stars.ts'
import type { Preferences } from '../domain/subscriber.ts'
import type { Message } from '../mail/transport.ts'
import { createComposer } from '../pipeline/compose/compose.ts'
import { type Sender, senderFor, transactionalMessage } from '../pipeline/compose/message.ts'
import type { DigestEditions } from '../pipeline/compose/pool.ts'
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

/** Sender, brand and links of the preview's mails. The preview's own key signs the links, so they lead nowhere. */
export interface PreviewIdentity {
  readonly brand: Brand
  readonly sender: Sender
  readonly links: Links
  readonly keyId: string
}

/** Input of one digest: editions and a subscriber, from a scenario or from the database. */
export interface DigestScenario {
  readonly editions: DigestEditions
  readonly day: Day
  readonly subscriber: Preferences & {
    readonly id: string
    readonly email: string
    readonly learned?: FeedbackProfile | null
  }
  /** When this is the first digest after a pause: the first day of the pause. Otherwise null. */
  readonly since: Day | null
  readonly readAlreadySent: (paperIds: readonly string[], period: string) => Promise<readonly string[]>
}

export interface ComposeOptions {
  readonly engine: TemplateEngine
  readonly templates: Templates
  readonly edit: EditableProps | null
}

/** A mail as it would be sent, with its props, or the reason why there is none. */
export type ComposedMail =
  | { readonly kind: 'message'; readonly message: Message; readonly props: EditableProps }
  | { readonly kind: 'nothing'; readonly why: string }

/** Composes a digest with the composer of the real send. Only templates and input differ. */
export async function composeDigest(
  given: DigestScenario,
  options: ComposeOptions,
  identity: PreviewIdentity,
): Promise<ComposedMail> {
  const edit = options.edit !== null && 'subscriber' in options.edit ? options.edit : null
  const input = edit === null ? given : await edited(given, edit)
  const { subscriber, day, since } = input
  // After a pause, the composer uses the weekly digest for daily subscribers too.
  const span = since === null ? subscriber.frequency : 'weekly'
  let shown: DigestProps | null = null
  const composer = createComposer({
    editions: input.editions,
    compile(edition) {
      const isShown = edition.frequency === span
      const props = isShown && edit !== null ? edit.props : viewModelOf(edition)
      if (isShown) shown = props
      return compileDigest(props, options.engine, options.templates)
    },
    links: identity.links,
    brand: identity.brand,
    sender: identity.sender,
    keyId: identity.keyId,
    template: 'preview',
  })
  const issue = await composer.open(day, span === 'weekly')
  const period = periodOf(subscriber.frequency, day)
  const alreadySent = await input.readAlreadySent(issue.pool.ids, period)
  const [decision] = issue.decide([
    {
      deliveryId: '0',
      subscriberId: subscriber.id,
      period,
      catchUpFrom: since,
      subscriber: { ...subscriber, state: 'active', suppressed: false },
      alreadySent,
    },
  ])
  if (decision?.kind !== 'send') return { kind: 'nothing', why: explainNoMail(decision?.reason) }
  const member = { ...decision, subscriberId: subscriber.id, deferrals: 0 }
  const frozenAt = new Date(`${day}T09:00:00Z`)
  const message = issue.message({ day, keyId: identity.keyId, frozenAt }, member)
  if (shown === null) throw new Error('the composer rendered no edition')
  return { kind: 'message', message, props: { subscriber: preferencesOf(subscriber), props: shown } }
}

/** Composes a transactional email as it would be sent. */
export async function composeTransactional(
  folder: string,
  options: ComposeOptions,
  identity: PreviewIdentity,
): Promise<ComposedMail> {
  const props = (options.edit?.props as TransactionalProps | undefined) ?? sampleTransactional(folder, identity)
  const rendered = await renderTransactional(props, options.engine, options.templates)
  const message = transactionalMessage({
    transactionalId: '0',
    kind: props.kind,
    address: SAMPLE_SUBSCRIBER.email,
    rendered,
    createdAt: new Date('2026-11-24T09:00:00Z'),
    sender: senderFor(identity.sender, identity.brand, 'transactional'),
    unsubscribeUrl: SUBSCRIBED.has(props.kind) ? identity.links.subscriber('unsubscribe', SAMPLE_SUBSCRIBER.id) : null,
  })
  return { kind: 'message', message, props: { props } }
}

/** Returns the input of a scenario, in which nothing was sent before. */
export function scenarioOf(scenario: {
  readonly day: Day
  readonly editions: readonly Edition[]
  readonly subscriber: Preferences
  readonly since?: Day
  readonly growth?: ReadonlyMap<string, StarGrowth>
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
      readStarGrowth: async () => scenario.growth ?? new Map(),
      readLexicon: async () => null,
    },
    readAlreadySent: async () => [],
  }
}

/** Returns the same day with the edited papers and subscriber, so that the composer selects from the edited papers. */
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

function explainNoMail(reason: string | undefined): string {
  return reason === 'nothing-new'
    ? 'This subscriber gets no mail: all papers were already sent or are muted.'
    : `This subscriber gets no mail: ${reason ?? 'unknown reason'}.`
}
