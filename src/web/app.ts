import formbody from '@fastify/formbody'
import helmet from '@fastify/helmet'
import multipart from '@fastify/multipart'
import Fastify, { type FastifyInstance } from 'fastify'
import {
  HSTS_SECONDS,
  REQUEST_BODY_BYTES_MAX,
  REQUEST_CHECK_MS,
  REQUEST_FIELDS_MAX,
  REQUEST_MS_MAX,
} from '../../config/limits-web.ts'
import type { Logger } from '../platform/log/log.ts'
import type { BrandPicture } from '../rendering/brand/brand.ts'
import { addAdminPages } from './admin/admin.ts'
import type { AdminDeps } from './admin/deps.ts'
import { addHealth, type HealthDeps } from './health.ts'
import { addAssets } from './layout/assets.ts'
import { addBrandAssets, withBrandAssets } from './layout/brand/assets.ts'
import { addErrorPages, sendErrorPage } from './layout/errors.tsx'
import type { Site } from './layout/page.ts'
import { addOutboxPages } from './outbox/outbox.tsx'
import { addPublicPages, type PublicPagesDeps } from './public/public-pages.tsx'
import { addSubscribePages, type SubscribePagesDeps } from './public/subscribe.tsx'
import { addLanguage } from './requests/language.ts'
import { addBase, basePathOf, withoutBase } from './requests/mount.ts'
import { SITE_SECURITY_POLICY } from './requests/policy.ts'
import { readQuery } from './requests/query-string.ts'
import { repairTokenPath } from './requests/token-path.ts'
import type { SubscriberPagesDeps } from './subscriber/deps.ts'
import { addSubscriberPages } from './subscriber/routes.ts'
import { addWebhooks, type WebhookDeps } from './webhooks.ts'

/** Dependencies of the website. workers/web.ts supplies them. */
export interface WebDeps {
  readonly site: Site
  /** The pictures of BRAND_FILE; omitted: none. */
  readonly brandPictures?: readonly BrandPicture[]
  readonly health: HealthDeps
  /** The public pages; omitted in tests without a ledger. */
  readonly publicPages?: PublicPagesDeps
  /** The pages that a subscriber opens from a message; omitted in tests without a ledger. */
  readonly subscriberPages?: SubscriberPagesDeps
  /** Folder of the outbox to show at `/outbox`, or null. Only the demo shows messages publicly. */
  readonly outbox: string | null
  /** Shows only messages to these addresses; omitted: all. */
  readonly outboxOnlyTo?: readonly string[]
  /** The admin pages; null in tests without a ledger. */
  readonly admin: AdminDeps | null
  /** The subscribe pages; omitted: there are none. */
  readonly subscribePages?: SubscribePagesDeps
  /** Trusted proxies for `X-Forwarded-For`: addresses, ranges, or proxy-addr's names such as `loopback`. */
  readonly trustProxy: readonly string[]
  /** Whether HSTS includes the host's subdomains. */
  readonly hstsSubdomains: boolean
  readonly webhooks: WebhookDeps
  readonly log: Logger
}

/** Builds the website without listening. Each group of pages adds its own routes. */
export async function createWeb(given: WebDeps): Promise<FastifyInstance> {
  const deps = { ...given, site: await withBrandAssets(given.site, given.brandPictures ?? []) }
  const base = basePathOf(deps.site.brand.publicUrl)
  const web = Fastify({
    rewriteUrl: ({ url = '/' }) => repairTokenPath(withoutBase(base, url)),
    bodyLimit: REQUEST_BODY_BYTES_MAX,
    requestTimeout: REQUEST_MS_MAX,
    // By default Node checks for timeouts only every 30 seconds. If its timeout for headers (a minute) is the longer
    // one, Node swaps the two and gives the body a minute.
    http: { headersTimeout: REQUEST_MS_MAX, connectionsCheckingInterval: REQUEST_CHECK_MS },
    trustProxy: [...deps.trustProxy],
    routerOptions: { maxParamLength: PARAM_CHARS_MAX, querystringParser: readQuery },
    // The router itself rejects some paths, such as overlong ones.
    frameworkErrors: (_error, _request, reply) => void sendErrorPage(reply, deps.site, 404),
    // Request logs would contain tokens. The reverse proxy has its own log.
    logger: false,
  })
  await web.register(helmet, {
    contentSecurityPolicy: { useDefaults: false, directives: SITE_SECURITY_POLICY },
    referrerPolicy: { policy: 'no-referrer' },
    frameguard: { action: 'deny' },
    // Browsers remember this for a year, so it covers neither other hosts nor a site without https.
    strictTransportSecurity: deps.site.brand.publicUrl.startsWith('https:')
      ? { maxAge: HSTS_SECONDS, includeSubDomains: deps.hstsSubdomains }
      : false,
  })
  await web.register(formbody, { bodyLimit: REQUEST_BODY_BYTES_MAX })
  // RFC 8058 §3.1 allows one-click requests as multipart/form-data.
  await web.register(multipart, {
    attachFieldsToBody: 'keyValues',
    limits: { fields: REQUEST_FIELDS_MAX, parts: REQUEST_FIELDS_MAX, files: 0, fieldSize: REQUEST_BODY_BYTES_MAX },
  })
  addBase(web, base)
  addLanguage(web)
  addErrorPages(web, deps)
  addAssets(web)
  if (deps.site.brandAssets !== undefined) addBrandAssets(web, deps.site.brandAssets)
  addHealth(web, deps.health)
  if (deps.publicPages !== undefined) addPublicPages(web, deps.site, deps.publicPages)
  if (deps.subscriberPages !== undefined) await addSubscriberPages(web, deps.site, deps.subscriberPages)
  addWebhooks(web, deps.webhooks)
  if (deps.outbox !== null) addOutboxPages(web, deps.site, { dir: deps.outbox, onlyTo: deps.outboxOnlyTo ?? null })
  if (deps.subscribePages !== undefined) await addSubscribePages(web, deps.site, deps.subscribePages)
  if (deps.admin !== null) await addAdminPages(web, deps.site, deps.admin)
  return web
}

const PARAM_CHARS_MAX = 400 // A token has up to 300.
