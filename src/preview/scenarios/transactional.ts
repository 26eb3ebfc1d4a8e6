import { readdirSync } from 'node:fs'
import { ADDRESS_UNDO_DAYS, CONFIRM_HOURS } from '../../../config/limits-subscriptions.ts'
import { DEFAULT_PREFERENCES } from '../../domain/subscriber.ts'
import type { Brand } from '../../rendering/digest/props.ts'
import type { TransactionalProps } from '../../rendering/transactional-props.ts'

import type { Links } from '../../security/signed-links.ts'

/** The recipient of sample mails. */
export const SAMPLE_SUBSCRIBER = { id: '17', email: 'ines@paperround.example' } as const

const TRANSACTIONAL_ID = '00000000-0000-4000-8000-000000000017' // Confirmations and notices are named by UUIDs.

/** The values for the props of a transactional email. */
export interface TransactionalWords {
  readonly brand: Brand
  readonly links: Links
}

/**
 * Sample props by the folder in templates/. A folder that is not here is previewed with everything that any notice
 * takes, so that a new mail appears by itself; write its own line here when that is too much or too little.
 */
const SAMPLES: Readonly<Record<string, (words: TransactionalWords) => Readonly<Record<string, unknown>>>> = {
  confirm: (words) => pick(everything(words), ['brand', 'address', 'confirmUrl', 'expiresInHours']),
  welcome: (words) => pick(everything(words), ['brand', 'preferences', 'next', 'preferencesUrl', 'unsubscribeUrl']),
  goodbye: (words) => pick(everything(words), ['brand', 'preferencesUrl']),
  known: (words) => pick(everything(words), ['brand', 'preferencesUrl', 'unsubscribeUrl']),
  'address-confirm': (words) => ({
    ...pick(everything(words), ['brand', 'address', 'expiresInHours']),
    confirmUrl: words.links.subscriber('address', TRANSACTIONAL_ID),
  }),
  'address-changed': (words) => ({
    ...pick(everything(words), ['brand', 'worksForDays']),
    restoreUrl: words.links.subscriber('restore-address', TRANSACTIONAL_ID),
  }),
  'preferences-link': (words) => pick(everything(words), ['brand', 'preferencesUrl', 'unsubscribeUrl']),
}

/** The mails in a templates folder other than the digest: every folder that holds an MJML template of its name. */
export function findTransactionals(templatesFolder: string): string[] {
  return readdirSync(templatesFolder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && entry.name !== 'digest')
    .map(({ name }) => name)
    .filter((name) => readdirSync(`${templatesFolder}/${name}`).includes(`${name}.mjml`) && name !== 'frame')
    .sort()
}

/** Sample props of one notice. */
export function sampleTransactional(folder: string, words: TransactionalWords): TransactionalProps {
  const props = SAMPLES[folder]?.(words) ?? everything(words)
  return { kind: folder, ...props } as unknown as TransactionalProps
}

/** `address-confirm` → `Address confirm`. */
export function transactionalTitle(folder: string): string {
  return folder.replaceAll('-', ' ').replace(/^./, (first) => first.toUpperCase())
}

function everything({ brand, links }: TransactionalWords): Readonly<Record<string, unknown>> {
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
