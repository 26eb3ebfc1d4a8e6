import { distance } from '../text/distance.ts'

/** Common domains of mailboxes. They are never questioned, and only they are suggested. */
export const COMMON_DOMAINS: readonly string[] = [
  'gmail.com',
  'googlemail.com',
  'outlook.com',
  'hotmail.com',
  'hotmail.co.uk',
  'hotmail.fr',
  'hotmail.de',
  'live.com',
  'live.co.uk',
  'msn.com',
  'yahoo.com',
  'yahoo.co.uk',
  'yahoo.co.jp',
  'yahoo.co.in',
  'yahoo.de',
  'yahoo.fr',
  'ymail.com',
  'aol.com',
  'icloud.com',
  'me.com',
  'mac.com',
  'mail.com',
  'email.com',
  'protonmail.com',
  'proton.me',
  'fastmail.com',
  'tutanota.com',
  'zoho.com',
  'gmx.com',
  'gmx.de',
  'gmx.net',
  'gmx.at',
  'web.de',
  't-online.de',
  'posteo.de',
  'mailbox.org',
  'orange.fr',
  'free.fr',
  'laposte.net',
  'libero.it',
  'yandex.ru',
  'mail.ru',
  'qq.com',
  '163.com',
  '126.com',
  'naver.com',
]
const COMMON = new Set(COMMON_DOMAINS)

// Typos of top-level domains. No key is a real one.
const ENDINGS: Readonly<Record<string, string>> = {
  con: 'com',
  cmo: 'com',
  ocm: 'com',
  vom: 'com',
  xom: 'com',
  comm: 'com',
  coom: 'com',
  cim: 'com',
  nte: 'net',
  ner: 'net',
  ogr: 'org',
  orgg: 'org',
  eud: 'edu',
}

const SHORT_DOMAIN_CHARS = 8 // In a shorter domain, one different letter is as likely another domain.
const LONG_DOMAIN_CHARS = 10 // In a longer domain, two different letters are still more likely a typo.

/**
 * Suggests a correction for a valid address that looks mistyped, such as `ada@gmial.com`, or returns null. The visitor
 * may always keep the typed address.
 */
export function suggestAddress(email: string): string | null {
  const at = email.lastIndexOf('@')
  const domain = email.slice(at + 1).toLowerCase()
  const meant = COMMON.has(domain) ? null : (mendEnding(domain) ?? nearestCommon(domain))
  return meant === null ? null : `${email.slice(0, at)}@${meant}`
}

function mendEnding(domain: string): string | null {
  const dot = domain.lastIndexOf('.')
  const ending = ENDINGS[domain.slice(dot + 1)]
  if (ending === undefined) return null
  const mended = `${domain.slice(0, dot)}.${ending}`
  return COMMON.has(mended) ? mended : (nearestCommon(mended) ?? mended)
}

function nearestCommon(domain: string): string | null {
  if (domain.length < SHORT_DOMAIN_CHARS || isCountrysOwn(domain)) return null
  const slips = domain.length >= LONG_DOMAIN_CHARS ? 2 : 1
  let nearest: string | null = null
  let least = slips + 1
  for (const common of COMMON_DOMAINS) {
    const slip = common.length < SHORT_DOMAIN_CHARS ? 3 : distance(domain, common)
    if (slip < least) {
      nearest = common
      least = slip
    }
  }
  return nearest
}

// Providers have domains in many countries: hotmail.ca is not a typo, though gmail.co and gmail.cm mostly are.
function isCountrysOwn(domain: string): boolean {
  const [name = '', ending = '', ...rest] = domain.split('.')
  return (
    rest.length === 0 &&
    /^[a-z]{2}$/.test(ending) &&
    !['co', 'cm', 'om'].includes(ending) &&
    COMMON_DOMAINS.some((common) => common.startsWith(`${name}.`))
  )
}
