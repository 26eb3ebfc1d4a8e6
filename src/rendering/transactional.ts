import { say } from '../language/language.ts'
import { type MailLook, mailLookOf } from './brand/mail-look.ts'
import type { Brand, TemplateEngine } from './digest/props.ts'
import { cleanLine, ownUrl } from './escape.ts'
import { renderMjml, renderText } from './mjml.ts'
import { describeNextDigest } from './next-digest-words.ts'
import { renderReact } from './react.ts'
import { ownComponent } from './registry.ts'
import type { Templates } from './templates.ts'
import type {
  AddressChangedProps,
  AddressConfirmProps,
  ConfirmProps,
  GoodbyeProps,
  KnownProps,
  PreferencesLinkProps,
  TransactionalProps,
  WelcomeProps,
} from './transactional-props.ts'
import { frequencyWords, selectionWords } from './welcome-words.ts'
import { wrap } from './wrap.ts'

/** A rendered transactional email. */
export interface TransactionalEmail {
  readonly subject: string
  readonly preheader: string
  readonly html: string
  readonly text: string
}

/** Values that every transactional template has. */
export interface TransactionalView {
  readonly title: string
  readonly preheader: string
  readonly brand: string
  readonly publicUrl: string
  readonly postalAddress: string | null
  readonly look: MailLook
}

export interface ConfirmView extends TransactionalView {
  readonly address: string
  readonly confirmUrl: string
  readonly hours: number
}

export interface WelcomeView extends TransactionalView {
  /** When the next digest comes, as one sentence, or null if unknown. */
  readonly next: string | null
  /** When the digest comes, as one sentence. */
  readonly frequency: string
  /** How papers are selected, as a sentence. */
  readonly selection: string
  /** The same sentences, wrapped for the text part. */
  readonly wrapped: { readonly next: string | null; readonly frequency: string; readonly selection: string }
  readonly preferencesUrl: string
  readonly unsubscribeUrl: string
}

export interface GoodbyeView extends TransactionalView {
  readonly preferencesUrl: string
}

export interface KnownView extends TransactionalView {
  readonly preferencesUrl: string
  readonly unsubscribeUrl: string
}

export type AddressConfirmView = ConfirmView
export type PreferencesLinkView = KnownView

export interface AddressChangedView extends TransactionalView {
  readonly restoreUrl: string
  readonly days: number
}

/**
 * Renders one transactional email. Pure. `templates` replaces the program's own, for the preview. Throws when the
 * template is invalid or a link is not http(s).
 */
export async function renderTransactional(
  props: TransactionalProps,
  engine: TemplateEngine,
  templates?: Templates,
): Promise<TransactionalEmail> {
  const view = viewOf(props)
  return {
    subject: view.title,
    preheader: view.preheader,
    html:
      engine === 'mjml'
        ? await renderMjml(props.kind, view, templates?.files)
        : await renderReact(templates?.component(props.kind) ?? (await ownComponent(props.kind)), view),
    text: renderText(props.kind, view, templates?.files),
  }
}

function viewOf(props: TransactionalProps): TransactionalView {
  switch (props.kind) {
    case 'confirm':
      return confirmView(props)
    case 'welcome':
      return welcomeView(props)
    case 'goodbye':
      return goodbyeView(props)
    case 'known':
      return knownView(props)
    case 'address-confirm':
      return addressConfirmView(props)
    case 'address-changed':
      return addressChangedView(props)
    case 'preferences-link':
      return preferencesLinkView(props)
  }
}

function confirmView({ brand, address, confirmUrl, expiresInHours }: ConfirmProps): ConfirmView {
  const name = cleanLine(brand.name)
  return {
    ...brandView(brand),
    title: say('mail.confirm.subject', { name }),
    preheader: say('mail.confirm.preview'),
    address: cleanLine(address),
    confirmUrl: ownUrl(confirmUrl),
    hours: expiresInHours,
  }
}

function welcomeView({ brand, preferences, next, preferencesUrl, unsubscribeUrl }: WelcomeProps): WelcomeView {
  const nextWords = next === null ? null : describeNextDigest(next, preferences.timezone)
  const frequency = frequencyWords(preferences)
  const selection = selectionWords(preferences)
  return {
    ...brandView(brand),
    title: say('mail.welcome.subject', { name: cleanLine(brand.name) }),
    preheader: nextWords ?? frequency,
    next: nextWords,
    frequency,
    selection,
    wrapped: {
      next: nextWords === null ? null : wrap(nextWords),
      frequency: wrap(frequency),
      selection: wrap(selection),
    },
    preferencesUrl: ownUrl(preferencesUrl),
    unsubscribeUrl: ownUrl(unsubscribeUrl),
  }
}

function goodbyeView({ brand, preferencesUrl }: GoodbyeProps): GoodbyeView {
  return {
    ...brandView(brand),
    title: say('mail.goodbye.subject', { name: cleanLine(brand.name) }),
    preheader: say('mail.goodbye.preview'),
    preferencesUrl: ownUrl(preferencesUrl),
  }
}

function knownView({ brand, preferencesUrl, unsubscribeUrl }: KnownProps): KnownView {
  return {
    ...brandView(brand),
    title: say('mail.known.subject', { name: cleanLine(brand.name) }),
    preheader: say('mail.known.preview'),
    preferencesUrl: ownUrl(preferencesUrl),
    unsubscribeUrl: ownUrl(unsubscribeUrl),
  }
}

function addressConfirmView({ brand, address, confirmUrl, expiresInHours }: AddressConfirmProps): AddressConfirmView {
  return {
    ...brandView(brand),
    title: say('mail.address.subject', { name: cleanLine(brand.name) }),
    preheader: say('mail.address.preview'),
    address: cleanLine(address),
    confirmUrl: ownUrl(confirmUrl),
    hours: expiresInHours,
  }
}

function addressChangedView({ brand, restoreUrl, worksForDays }: AddressChangedProps): AddressChangedView {
  return {
    ...brandView(brand),
    title: say('mail.moved.subject', { name: cleanLine(brand.name) }),
    preheader: say('mail.moved.preview'),
    restoreUrl: ownUrl(restoreUrl),
    days: worksForDays,
  }
}

function preferencesLinkView({ brand, preferencesUrl, unsubscribeUrl }: PreferencesLinkProps): PreferencesLinkView {
  return {
    ...brandView(brand),
    title: say('mail.link.subject', { name: cleanLine(brand.name) }),
    preheader: say('mail.link.preview'),
    preferencesUrl: ownUrl(preferencesUrl),
    unsubscribeUrl: ownUrl(unsubscribeUrl),
  }
}

function brandView(brand: Brand): Pick<TransactionalView, 'brand' | 'publicUrl' | 'postalAddress' | 'look'> {
  return {
    brand: cleanLine(brand.name),
    publicUrl: ownUrl(brand.publicUrl),
    postalAddress: brand.postalAddress === null ? null : cleanLine(brand.postalAddress),
    look: mailLookOf(brand),
  }
}
