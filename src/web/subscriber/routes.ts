import type { FastifyInstance } from 'fastify'
import type { Site } from '../layout/page.ts'
import { addOwnPapersPages } from '../own-papers/subscriber.tsx'
import type { SubscriberPagesDeps } from './deps.ts'
import { addDigestPage } from './digest.tsx'
import { addPersonalFeed } from './feed/personal-feed.tsx'
import { addFeedbackPages } from './feedback.tsx'
import { addFreshLinkPages } from './links/fresh-link.tsx'
import { addLostLinkPages } from './links/lost-link.tsx'
import { addRestoreAddressPages } from './links/restore-address.tsx'
import { addViewLinks } from './links/view-links.tsx'
import { addAddressPages } from './preferences/address.tsx'
import { addPreferencesPages } from './preferences/preferences.tsx'
import { addSavedPages } from './saved/saved.tsx'
import { addUnsubscribePages } from './unsubscribe.tsx'

/** Adds the pages that a subscriber opens from a message, by token and without login. */
export async function addSubscriberPages(web: FastifyInstance, site: Site, deps: SubscriberPagesDeps): Promise<void> {
  addViewLinks(web, site, deps.tokens)
  addUnsubscribePages(web, site, deps)
  addPreferencesPages(web, site, deps)
  await addOwnPapersPages(web, site, deps)
  addAddressPages(web, site, deps)
  addRestoreAddressPages(web, site, deps)
  addFreshLinkPages(web, site, deps)
  addLostLinkPages(web, site, deps)
  addFeedbackPages(web, site, deps)
  addDigestPage(web, site, deps)
  addSavedPages(web, site, deps)
  addPersonalFeed(web, site, deps)
}
