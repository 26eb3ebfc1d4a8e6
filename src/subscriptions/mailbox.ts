import { domainToASCII } from 'node:url'
import type { Tokens } from '../security/tokens.ts'
import { COMMON_DOMAINS } from './email-typo.ts'

/**
 * Returns one key for all spellings of an address that reach the same mailbox. Only limits use it: `ada+x@…` stays a
 * separate subscriber. A tag after `+` is removed everywhere (RFC 5233), since most providers deliver it to the mailbox
 * before it. The other rules are documented by the providers:
 * - Gmail ignores dots, and googlemail.com is gmail.com (support.google.com/mail/answer/7436150 and 10313).
 * - Outlook.com and iCloud support only the tag. me.com, mac.com and icloud.com are one mailbox
 *   (support.apple.com/102378).
 * - Proton ignores dots, hyphens and underscores, and its domains share their names (ProtonMail/WebClients,
 *   `removeEmailAlias`; proton.me/support/addresses-and-aliases).
 * - Fastmail delivers `any@ada.fastmail.com` to ada@fastmail.com (fastmail.help, “Plus addressing and subdomain
 *   addressing”).
 * - Yahoo delivers `name-keyword@yahoo.com` to one mailbox; its names contain no hyphen (help.yahoo.com, “Disposable
 *   addresses”).
 * - Yandex treats a hyphen as a dot, and its domains are one (yandex.com/support/mail, “Addresses”).
 */
export function mailboxKey(address: string): string {
  const at = address.lastIndexOf('@')
  const typed = address.slice(at + 1)
  const domain = domainToASCII(typed) || typed.toLowerCase()
  const local = withoutTag(address.slice(0, at).toLowerCase(), '+')
  if (GMAIL.has(domain)) return `${local.replaceAll('.', '')}@gmail.com`
  if (APPLE.has(domain)) return `${local}@icloud.com`
  if (PROTON.has(domain)) return `${local.replace(/[._-]/g, '')}@proton.me`
  if (YANDEX.test(domain)) return `${local.replaceAll('-', '.')}@yandex.ru`
  if (YAHOO.test(domain)) return `${withoutTag(local, '-')}@${domain}`
  const [, name, fastmail] = FASTMAIL_SUBDOMAIN.exec(domain) ?? []
  return name === undefined ? `${local}@${domain}` : `${name}@${fastmail}`
}

const GMAIL = new Set(['gmail.com', 'googlemail.com'])
const APPLE = new Set(['icloud.com', 'me.com', 'mac.com'])
const PROTON = new Set(['proton.me', 'protonmail.com', 'protonmail.ch', 'pm.me'])
const COUNTRY = '(?:com|[a-z]{2}|com?\\.[a-z]{2})'
const YANDEX = new RegExp(`^(?:ya\\.ru|yandex\\.${COUNTRY})$`)
// Yahoo Japan is a different company.
const YAHOO = new RegExp(`^(?!yahoo\\.co\\.jp$)(?:yahoo\\.${COUNTRY}|ymail\\.com|rocketmail\\.com)$`)
const MICROSOFT = new RegExp(`^(?:(?:outlook|hotmail|live)\\.${COUNTRY}|msn\\.com)$`)
// Second-level names under which countries sell domains, as in example.co.uk. Domains below a missing name count
// together.
const SECOND_LEVEL = /^(?:[a-z]{2}|com|net|org|edu|gov|mil|gob|gouv|sch|nhs)$/
const FASTMAIL_SUBDOMAIN = /^([a-z0-9-]+)\.(fastmail\.[a-z.]+)$/

function withoutTag(local: string, separator: string): string {
  const cut = local.indexOf(separator)
  return cut > 0 ? local.slice(0, cut) : local
}

/** Returns the keyed hash of a mailbox, as `claimMailbox` stores it. */
export function hashMailbox(tokens: Pick<Tokens, 'hashAddress'>, address: string): string {
  return tokens.hashAddress(mailboxKey(address))
}

/**
 * Returns the provider of a domain for counting: one name for all domains of a large provider, else the organisation's
 * own domain. Subdomains count with it, since a wildcard MX record gives one mailbox any number of them.
 */
export function providerOf(domain: string): string {
  const own = organisationOf(domain)
  if (GMAIL.has(own)) return 'gmail.com'
  if (APPLE.has(own)) return 'icloud.com'
  if (PROTON.has(own)) return 'proton.me'
  if (YANDEX.test(own)) return 'yandex.ru'
  if (YAHOO.test(own)) return 'yahoo.com'
  return MICROSOFT.test(own) ? 'outlook.com' : own
}

const LARGE_PROVIDERS = new Set(COMMON_DOMAINS.map(providerOf))

/** Returns whether unrelated people have their mailboxes at this provider. */
export function isLargeProvider(provider: string): boolean {
  return LARGE_PROVIDERS.has(provider)
}

function organisationOf(domain: string): string {
  const labels = domain.split('.')
  const [second = '', top = ''] = labels.slice(-2)
  return labels.slice(top.length === 2 && SECOND_LEVEL.test(second) ? -3 : -2).join('.')
}
