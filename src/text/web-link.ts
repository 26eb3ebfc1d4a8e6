import { URL_CHARS_MAX } from '../../config/limits.ts'
import { withoutEntities } from './markup.ts'

/** Where papers keep their code: a link called Code leads nowhere else. */
export const CODE_HOSTS: readonly string[] = [
  'github.com',
  'gitlab.com',
  'huggingface.co',
  'codeberg.org',
  'bitbucket.org',
  'gitee.com',
  'git.sr.ht',
  'sourceforge.net',
  'modelscope.cn',
  'zenodo.org',
  'osf.io',
  'kaggle.com',
  'colab.research.google.com',
]

/**
 * A URL from a source made safe to print as a link, or null: http or https only, a public host
 * name, no user name or password, not longer than URL_CHARS_MAX. Blanks around it, line breaks and
 * HTML entities in it and a final dot are mended; a missing scheme is taken for https. A blank inside
 * is written as `%20`, as a browser does: cut there, the link would lead to another page.
 *
 * @param hosts when given, the host must be one of these or a subdomain of one.
 */
export function webLink(raw: string, hosts?: readonly string[]): string | null {
  if (raw.length > 4 * URL_CHARS_MAX) return null
  // A line break inside a URL is where the source's own text was wrapped.
  const joined = withoutEntities(raw)
    .trim()
    .replace(/[\t ]*[\n\r]+[\t ]*/g, '')
  const bare = addressIn(joined)
    .replace(/^[<("']+/, '')
    .replace(/[.,;:!?>)"']+$/, '')
    .replace(/\s+/g, '%20')
  if (bare === '' || bare.length > URL_CHARS_MAX) return null
  const url = parsed(/^[a-z][a-z0-9+.-]*:/i.test(bare) ? bare : `https://${bare}`)
  if (url === null || (url.protocol !== 'https:' && url.protocol !== 'http:')) return null
  if (url.username !== '' || url.password !== '' || !isPublicHost(url.hostname)) return null
  if (hosts !== undefined && !hosts.some((host) => url.hostname === host || url.hostname.endsWith(`.${host}`)))
    return null
  return url.href.length > URL_CHARS_MAX ? null : url.href
}

/** The text up to where other words follow: a second URL, or a remark such as `(soon)` or `and a demo`. */
function addressIn(text: string): string {
  const [, address = text] =
    /^(\S+)\s+(?:[([{<|,;–—-]|\S*:\/\/|(?:and|or|see|for|by|on|in|with|is)\s)/i.exec(text) ?? []
  // A blank beside a slash is a slip: no page has a name that begins or ends with one.
  return address.replace(/\s*\/\s*/g, '/')
}

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

// A reader's own machine and network are no place for a stranger's link to point to. An IP address has no
// top-level domain: its last part begins with a digit, in every spelling that a URL parser lets through.
function isPublicHost(host: string): boolean {
  return (
    /\.[a-z][a-z0-9-]*[a-z0-9]$/i.test(host) && !/\.(local|localhost|internal|lan|home\.arpa|test|invalid)$/i.test(host)
  )
}
