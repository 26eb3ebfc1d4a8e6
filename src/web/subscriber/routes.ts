import type { FastifyInstance } from 'fastify'
import type { Learned } from '../../domain/feedback-profile.ts'
import type { Database } from '../../ledger/connection/database.ts'
import type { Composer } from '../../pipeline/compose/compose.ts'
import type { Logger } from '../../platform/log.ts'
import type { Tokens } from '../../security/tokens.ts'
import type { LeaveParts } from '../../subscriptions/unsubscribe.ts'
import type { Site } from '../layout/site.ts'
import { addDigestPage } from './digest.tsx'
import { addFeedbackPages } from './feedback.tsx'
import { addFreshLinkPages } from './links/fresh-link.tsx'
import { addLostLinkPages } from './links/lost-link.tsx'
import { addRestoreAddressPages } from './links/restore-address.tsx'
import { addAddressPages } from './preferences/address.tsx'
import { addPreferencesPages } from './preferences/preferences.tsx'
import { addUnsubscribePages } from './unsubscribe.tsx'

/** What the pages that a token opens are made of. */
export interface ReadersParts {
  readonly db: Database
  readonly tokens: Tokens
  readonly composer: Composer
  readonly leaving: LeaveParts
  /** Learns from a reader’s marks, and keeps what they taught. */
  readonly learn: (subscriberId: string) => Promise<Learned | null>
  /** Hands notices that are written to the queue. */
  readonly sendNotices: (noticeIds: readonly string[]) => Promise<void>
  readonly newId: () => string
  readonly log: Logger
  /** Erases a subscriber on their own word; false when they were erased already. */
  readonly erase: (subscriberId: string) => Promise<boolean>
}

/** The pages that a reader opens from a mail, by token and without login. */
export function addReadersPages(web: FastifyInstance, site: Site, parts: ReadersParts): void {
  addUnsubscribePages(web, site, parts)
  addPreferencesPages(web, site, parts)
  addAddressPages(web, site, parts)
  addRestoreAddressPages(web, site, parts)
  addFreshLinkPages(web, site, parts)
  addLostLinkPages(web, site, parts)
  addFeedbackPages(web, site, parts)
  addDigestPage(web, site, parts)
}
