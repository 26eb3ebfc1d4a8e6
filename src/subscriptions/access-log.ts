import type { Tokens } from '../security/tokens.ts'
import { subscriberIdOf } from './unsubscribe.ts'

/** A request to an unsubscribe link, as a line of an access log has it. */
export interface LoggedRequest {
  readonly token: string
  readonly at: Date
  /** Whether it took an unsubscribe back. */
  readonly isUndo: boolean
}

/** The unsubscribes of access logs. */
export interface LoggedUnsubscribes {
  /** Adds a line. `unreadable`: the line is about unsubscribing, but in a format that is not known. */
  add(line: string): 'added' | 'other' | 'unreadable'
  /** Returns subscribers whose last request was to unsubscribe, and its time. */
  all(): readonly { readonly subscriberId: string; readonly at: Date }[]
}

/**
 * Collects unsubscribes from access logs. Lines may come in any order. The answer to a request does not matter: a valid
 * link was used, and if the site was down, the subscriber wanted it all the same.
 */
export function loggedUnsubscribes(tokens: Pick<Tokens, 'verify'>): LoggedUnsubscribes {
  const last = new Map<string, LoggedRequest>()
  return {
    add(line) {
      if (!line.includes('/unsubscribe/')) return 'other'
      const request = readLogLine(line)
      if (request === null || request === 'other') return request ?? 'unreadable'
      const id = subscriberIdOf(tokens.verify('unsubscribe', request.token))
      if (id === null) return 'other'
      const known = last.get(id)
      if (known === undefined || known.at <= request.at) last.set(id, request)
      return 'added'
    },
    all: () => [...last].filter(([, { isUndo }]) => !isUndo).map(([subscriberId, { at }]) => ({ subscriberId, at })),
  }
}

/**
 * Reads a line of Caddy's log (JSON), or of nginx's and Apache's in their combined format. Returns `other` for a request
 * that unsubscribes nobody, such as a GET, and null for a line that cannot be read.
 */
export function readLogLine(line: string): LoggedRequest | 'other' | null {
  const found = line.trimStart().startsWith('{') ? readCaddy(line) : readCombined(line)
  if (found === null || Number.isNaN(found.at.getTime())) return null
  const parts = /\/unsubscribe\/(?<token>[^/?#]+)(?:\?(?<query>.*))?$/.exec(found.uri)?.groups
  if (parts === undefined || found.method !== 'POST') return 'other'
  return { token: parts.token ?? '', at: found.at, isUndo: /^undo\b/.test(parts.query ?? '') }
}

interface Entry {
  readonly method: string
  readonly uri: string
  readonly at: Date
}

function readCaddy(line: string): Entry | null {
  try {
    const { ts, request } = JSON.parse(line) as { ts?: unknown; request?: { method?: unknown; uri?: unknown } }
    if (typeof request?.method !== 'string' || typeof request.uri !== 'string') return null
    // Seconds by default; `time_format` of Caddy may make it a text.
    return { method: request.method, uri: request.uri, at: new Date(typeof ts === 'number' ? ts * 1_000 : String(ts)) }
  } catch {
    return null
  }
}

/** `… [25/Nov/2026:06:01:02 +0100] "POST /unsubscribe/… HTTP/1.1" 200 …` */
function readCombined(line: string): Entry | null {
  const parts =
    /\[(?<day>\d\d)\/(?<month>[A-Z][a-z]{2})\/(?<year>\d{4}):(?<time>[\d:]{8}) (?<zone>[+-]\d{4})\] "(?<method>[A-Z]+) (?<uri>\S+)/.exec(
      line,
    )?.groups
  if (parts === undefined) return null
  const { day, month, year, time, zone, method = '', uri = '' } = parts
  return { method, uri, at: new Date(`${day} ${month} ${year} ${time} ${zone}`) }
}
