import type { FastifyInstance } from 'fastify'
import type { Site } from '../layout/page.ts'
import { addDigestPage } from './digest.tsx'
import { addFeedbackPages } from './feedback.tsx'
import { addFreshLinkPages } from './links/fresh-link.tsx'
import { addLostLinkPages } from './links/lost-link.tsx'
import { addRestoreAddressPages } from './links/restore-address.tsx'
import type { SubscribersParts } from './parts.ts'
import { addAddressPages } from './preferences/address.tsx'
import { addPreferencesPages } from './preferences/preferences.tsx'
import { addUnsubscribePages } from './unsubscribe.tsx'

/** The pages that a reader opens from a mail, by token and without login. */
export function addSubscribersPages(web: FastifyInstance, site: Site, parts: SubscribersParts): void {
  addUnsubscribePages(web, site, parts)
  addPreferencesPages(web, site, parts)
  addAddressPages(web, site, parts)
  addRestoreAddressPages(web, site, parts)
  addFreshLinkPages(web, site, parts)
  addLostLinkPages(web, site, parts)
  addFeedbackPages(web, site, parts)
  addDigestPage(web, site, parts)
}
