import type { NextDigest } from '../domain/schedule/next-digest.ts'
import type { Preferences } from '../domain/subscriber.ts'
import type { Brand } from './digest/props.ts'

/** Props of a transactional email. */
export type TransactionalProps =
  | ConfirmProps
  | WelcomeProps
  | GoodbyeProps
  | KnownProps
  | AddressConfirmProps
  | AddressChangedProps
  | PreferencesLinkProps

export interface ConfirmProps {
  readonly kind: 'confirm'
  readonly brand: Brand
  /** The address as typed. */
  readonly address: string
  readonly confirmUrl: string
  readonly expiresInHours: number
}

export interface WelcomeProps {
  readonly kind: 'welcome'
  readonly brand: Brand
  readonly preferences: Preferences
  /** Null for emails from before it was stored. */
  readonly next: NextDigest | null
  readonly preferencesUrl: string
  readonly unsubscribeUrl: string
}

export interface GoodbyeProps {
  readonly kind: 'goodbye'
  readonly brand: Brand
  readonly preferencesUrl: string
}

export interface KnownProps {
  readonly kind: 'known'
  readonly brand: Brand
  readonly preferencesUrl: string
  readonly unsubscribeUrl: string
}

export interface AddressConfirmProps {
  readonly kind: 'address-confirm'
  readonly brand: Brand
  /** The new address as typed. */
  readonly address: string
  readonly confirmUrl: string
  readonly expiresInHours: number
}

export interface AddressChangedProps {
  readonly kind: 'address-changed'
  readonly brand: Brand
  /** Restores the former address. */
  readonly restoreUrl: string
  readonly worksForDays: number
}

export interface PreferencesLinkProps {
  readonly kind: 'preferences-link'
  readonly brand: Brand
  readonly preferencesUrl: string
  readonly unsubscribeUrl: string
}
