import { lookup as systemLookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SOURCE_REDIRECTS_MAX } from '../../../config/limits-sources.ts'
import { bareAddress, isPrivateHost, isPublicAddress } from './public-address.ts'

export interface HttpGetInput {
  readonly headers: Readonly<Record<string, string>>
  /** Ends the whole call, redirects and body included. */
  readonly signal: AbortSignal
  /** The maximum size of the body, after decompression. */
  readonly bytesMax: number
  /** Resolves a host name; by default the system's resolver. */
  readonly lookup?: LookupFunction
  /** Sends a POST with this body instead of a GET. No redirect is followed, because the headers may contain a token. */
  readonly postBody?: string
}

/** `refused`: this program did not continue, and a retry would end the same way. */
export type HttpGetResult =
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly contentType: string | null
      readonly retryAfter: string | null
      readonly body: Buffer
    }
  | { readonly kind: 'refused'; readonly reason: string }

/**
 * Sends a GET to the public internet only. It follows SOURCE_REDIRECTS_MAX redirects, but never to a private address, another
 * scheme, or from https to http. The address is checked when the connection is made, so a name cannot change its address
 * after the check. A base URL with a private host (`isPrivateHost`) is trusted, for that host and port only.
 * @throws the network's error, or the signal's reason.
 */
export async function httpGet(url: string, input: HttpGetInput): Promise<HttpGetResult> {
  const base = new URL(url)
  let at = base
  try {
    for (let redirects = 0; ; redirects += 1) {
      const response = await open(at, isTrustedPrivate(at, base), input)
      const next = targetOf(response, at)
      if (next === null) return await answerOf(response, input.bytesMax)
      response.destroy()
      if (input.postBody !== undefined) return refusal(`a redirect to ${nameOf(next)}, which is not followed`)
      if (redirects >= SOURCE_REDIRECTS_MAX) return refusal(`more than ${SOURCE_REDIRECTS_MAX} redirects`)
      const fault = redirectFault(next, at, base)
      if (fault !== null) return refusal(`a redirect to ${nameOf(next)}, which is not followed: ${fault}`)
      at = next
    }
  } catch (error) {
    if (error instanceof NotPublic) return refusal(`no answer: ${error.message}`)
    throw input.signal.aborted ? input.signal.reason : error
  }
}

class NotPublic extends Error {}

function refusal(reason: string): HttpGetResult {
  return { kind: 'refused', reason }
}

/** Whether `url` has the private host and port of the base URL. */
function isTrustedPrivate(url: URL, base: URL): boolean {
  return url.hostname === base.hostname && isPrivateHost(base.hostname) && url.port === base.port
}

/** Returns the target of a redirect (RFC 9110 §15.4) without a password, or null when the answer is not a redirect. */
function targetOf({ statusCode = 0, headers }: IncomingMessage, at: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return null
  const target = URL.canParse(headers.location, at.href) ? new URL(headers.location, at) : null
  if (target !== null) {
    target.username = ''
    target.password = ''
  }
  return target
}

/** Returns why a redirect is not followed, or null. `base` is the operator's base URL. */
export function redirectFault(next: URL, at: URL, base: URL): string | null {
  if (next.protocol !== 'https:' && next.protocol !== 'http:') return 'its scheme is not http or https'
  if (next.protocol === 'http:' && at.protocol === 'https:') return 'it leads from https to http'
  if (isPrivateHost(next.hostname) && !isTrustedPrivate(next, base)) return 'its address is not a public one'
  return null
}

/** Returns only the origin, because the rest of an unknown URL may be long. */
function nameOf(url: URL): string {
  return `${url.protocol}//${url.host}`.slice(0, 100)
}

function open(url: URL, mayBePrivate: boolean, { headers, signal, lookup = systemLookup, postBody }: HttpGetInput) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      method: postBody === undefined ? 'GET' : 'POST',
      headers: { ...headers, 'accept-encoding': 'gzip' },
      signal,
      // Uses a new connection. A reused one was checked for another request.
      agent: false,
      lookup: mayBePrivate ? lookup : publicLookup(lookup),
    }
    // Node does not call `lookup` for an IP address.
    const address = bareAddress(url.hostname)
    if (address !== null && !mayBePrivate && !isPublicAddress(address)) reject(notPublic(url.hostname))
    else {
      const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
      request.on('response', resolve).on('error', reject).end(postBody)
    }
  })
}

/** Resolves a name to its public addresses only, and fails when it has none. */
function publicLookup(lookup: LookupFunction): LookupFunction {
  return (name, options, done) => {
    lookup(name, { ...options, all: true }, (error, found) => {
      if (error !== null) return done(error, [])
      const usable = [found]
        .flat()
        .flatMap((each) => (typeof each === 'object' && isPublicAddress(each.address) ? [each] : []))
      const [first] = usable
      if (first === undefined) return done(notPublic(name), [])
      return options.all === true ? done(null, usable) : done(null, first.address, first.family)
    })
  }
}

function notPublic(name: string): NotPublic {
  return new NotPublic(
    `${name.slice(0, 100)} has no public address. A server in a private network is allowed only when the base URL contains its IP address, or a name such as localhost or mirror.internal`,
  )
}

/** Reads the body up to its limit. The rest of a larger body is not decompressed. */
async function answerOf(response: IncomingMessage, bytesMax: number): Promise<HttpGetResult> {
  const encoding = response.headers['content-encoding']?.trim().toLowerCase() ?? 'identity'
  if (!['identity', '', 'gzip', 'x-gzip'].includes(encoding)) {
    response.destroy()
    return refusal('an answer in an encoding that was not asked for')
  }
  const body: Readable = encoding.endsWith('gzip') ? pipeline(response, createGunzip(), () => undefined) : response
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    bytes += chunk.length
    // Leaving the loop destroys the stream.
    if (bytes > bytesMax) return refusal(`the answer is larger than ${bytesMax} bytes`)
    chunks.push(chunk)
  }
  return {
    kind: 'answer',
    status: response.statusCode ?? 0,
    contentType: response.headers['content-type'] ?? null,
    retryAfter: response.headers['retry-after'] ?? null,
    body: Buffer.concat(chunks, bytes),
  }
}
