import { URL_CHARS_MAX } from '../../config/limits.ts'
import { withoutEntities } from './markup.ts'

/** The only hosts that a link to a paper's code may have. */
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

/** The only hosts of pictures in digests: Hugging Face draws one for each paper. A picture tells its host who opened a mail. */
export const THUMBNAIL_HOSTS: readonly string[] = ['cdn-thumbnails.huggingface.co']

/**
 * Returns a source's URL as a safe link, or null: only http or https, a public host name, no user name or password, and not
 * longer than URL_CHARS_MAX. It removes surrounding spaces, line breaks and a final dot, decodes HTML entities, and adds a
 * missing `https://`. A space inside becomes `%20`, as in browsers, because a cut link would lead to another page.
 *
 * @param hosts when given, the host must be one of these or a subdomain of one.
 */
export function webLink(raw: string, hosts?: readonly string[]): string | null {
  if (raw.length > 4 * URL_CHARS_MAX) return null
  // A line break inside a URL comes from wrapped text.
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

/** Returns the text up to a second URL, or a remark such as `(soon)` or `and a demo`. */
function addressIn(text: string): string {
  const [, address = text] =
    /^(\S+)\s+(?:[([{<|,;–—-]|\S*:\/\/|(?:and|or|see|for|by|on|in|with|is)\s)/i.exec(text) ?? []
  // A space next to a slash is a typo, because no path segment begins or ends with a space.
  return address.replace(/\s*\/\s*/g, '/')
}

function parsed(text: string): URL | null {
  try {
    return new URL(text)
  } catch {
    return null
  }
}

// A link must not point to the visitor's own machine or network. An IP address has no top-level domain: its last part begins
// with a digit, in every form that a URL parser accepts.
function isPublicHost(host: string): boolean {
  return (
    /\.[a-z][a-z0-9-]*[a-z0-9]$/i.test(host) && !/\.(local|localhost|internal|lan|home\.arpa|test|invalid)$/i.test(host)
  )
}
