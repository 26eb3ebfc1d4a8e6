import { findToken } from '../../security/token-text.ts'

/** Subpaths of a token's page, such as `/preferences/TOKEN/data`. */
const SUBPATH = /^[^/?#&]*(\/[a-z][a-z-]*)/
/** The rest of a feedback link, after its token (src/security/signed-links.ts). */
const FEEDBACK = /^~([^~]+)~(more|less|save)(?![a-z])/

/**
 * Restores a link that a mail program has changed around or inside its token. Other addresses stay as they are, except
 * for invalid UTF-8 escapes, which the router would answer with its own error.
 */
export function repairTokenPath(url: string): string {
  const mark = url.indexOf('?')
  const path = mark === -1 ? url : url.slice(0, mark)
  const query = mark === -1 ? '' : url.slice(mark)
  const [, page, text = ''] = /^\/+([a-z-]+)\/(.+)$/s.exec(path) ?? []
  const found = page === undefined ? null : findToken(text)
  if (found === null) return `${wholeEscapes(path)}${query}`
  return `/${page}/${found.token}${tailOf(found.rest)}${query}`
}

function tailOf(rest: string): string {
  const [, paper, verdict] = FEEDBACK.exec(rest) ?? []
  if (paper !== undefined) return `~${encodeURIComponent(paper)}~${verdict}`
  return SUBPATH.exec(rest)?.[1] ?? ''
}

function wholeEscapes(path: string): string {
  return path.replace(/(?:%[0-9a-f]{2})+|%/gi, (run) => {
    try {
      decodeURIComponent(run)
      return run
    } catch {
      return '%EF%BF%BD'
    }
  })
}
