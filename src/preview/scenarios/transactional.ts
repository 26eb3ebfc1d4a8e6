import { readdirSync } from 'node:fs'
import { ADDRESS_UNDO_DAYS, CONFIRM_HOURS } from '../../../config/limits-subscriptions.ts'
import { DEFAULT_PREFERENCES } from '../../domain/subscriber.ts'
import type { Brand } from '../../rendering/digest/props.ts'
import type { TransactionalProps } from '../../rendering/transactional-props.ts'
import type { Links } from '../../security/signed-links.ts'

/** The recipient of sample mails. */
export const SAMPLE_SUBSCRIBER = { id: '17', email: 'ines@paperround.example' } as const

const TRANSACTIONAL_ID = '00000000-0000-4000-8000-000000000017' // Confirmations and transactional emails have UUIDs.

/** Values for the props of a transactional email. */
export interface SampleValues {
  readonly brand: Brand
  readonly links: Links
}

/**
 * Sample props by folder in templates/. A folder without an entry gets the props of all transactional emails, so that a new
 * mail can be previewed at once. Add an entry when a mail needs others.
 */
const SAMPLES: Readonly<Record<string, (values: SampleValues) => Readonly<Record<string, unknown>>>> = {
  confirm: (values) => pick(allProps(values), ['brand', 'address', 'confirmUrl', 'expiresInHours']),
  welcome: (values) => pick(allProps(values), ['brand', 'preferences', 'next', 'preferencesUrl', 'unsubscribeUrl']),
  goodbye: (values) => pick(allProps(values), ['brand', 'preferencesUrl']),
  known: (values) => pick(allProps(values), ['brand', 'preferencesUrl', 'unsubscribeUrl']),
  'address-confirm': (values) => ({
    ...pick(allProps(values), ['brand', 'address', 'expiresInHours']),
    confirmUrl: values.links.subscriber('address', TRANSACTIONAL_ID),
  }),
  'address-changed': (values) => ({
    ...pick(allProps(values), ['brand', 'worksForDays']),
    restoreUrl: values.links.subscriber('restore-address', TRANSACTIONAL_ID),
  }),
  'preferences-link': (values) => pick(allProps(values), ['brand', 'preferencesUrl', 'unsubscribeUrl']),
}

/** Returns the folders of all transactional emails: each has an MJML template of the same name. */
export function findTransactionals(templatesFolder: string): string[] {
  return readdirSync(templatesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'digest')
    .map(({ name }) => name)
    .filter((name) => readdirSync(`${templatesFolder}/${name}`).includes(`${name}.mjml`) && name !== 'frame')
    .sort()
}

/** Returns sample props of one transactional email. */
export function sampleTransactional(folder: string, values: SampleValues): TransactionalProps {
  const props = SAMPLES[folder]?.(values) ?? allProps(values)
  return { kind: folder, ...props } as unknown as TransactionalProps
}

/** `address-confirm` → `Address confirm`. */
export function transactionalTitle(folder: string): string {
  return folder.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase())
}

function allProps({ brand, links }: SampleValues): Readonly<Record<string, unknown>> {
  return {
    brand,
    address: SAMPLE_SUBSCRIBER.email,
    confirmUrl: links.subscriber('confirm', TRANSACTIONAL_ID),
    expiresInHours: CONFIRM_HOURS,
    worksForDays: ADDRESS_UNDO_DAYS,
    preferences: { ...DEFAULT_PREFERENCES, interests: ['sparse retrieval', 'protein folding'] },
    next: { kind: 'from', day: '2026-11-24', hour: 8 },
    preferencesUrl: links.preferences({ id: SAMPLE_SUBSCRIBER.id, linkGeneration: 0 }),
    unsubscribeUrl: links.subscriber('unsubscribe', SAMPLE_SUBSCRIBER.id),
  }
}

function pick(of: Readonly<Record<string, unknown>>, names: readonly string[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(names.map((name) => [name, of[name]]))
}
