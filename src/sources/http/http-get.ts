import { lookup as systemLookup } from 'node:dns'
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import type { LookupFunction } from 'node:net'
import { pipeline, type Readable } from 'node:stream'
import { createGunzip } from 'node:zlib'
import { SOURCE_REDIRECTS_MAX } from '../../../config/limits.ts'
import { bareAddress, isPrivateHost, isPublicAddress } from './public-address.ts'

export interface HttpGetInput {
  readonly headers: Readonly<Record<string, string>>
  /** Ends the whole call, redirects and body included. */
  readonly signal: AbortSignal
  /** The most bytes of the body that are read, after decompression. */
  readonly bytesMax: number
  /** Finds the addresses of a name; the system's by default. */
  readonly lookup?: LookupFunction
}

/** `refused`: the program itself did not go on, and the same request would end the same way. */
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
 * One GET that does not leave the public internet. A redirect is followed SOURCE_REDIRECTS_MAX times, never to a private
 * address, another scheme, or from https to http. The address is checked as the connection is made, so a name that
 * changes its address in between gains nothing. A base URL whose host is private by its name (`isPrivateHost`) is
 * trusted by the operator's word, for that host and port only.
 * @throws the network's error, or the signal's reason.
 */
export async function httpGet(url: string, input: HttpGetInput): Promise<HttpGetResult> {
  const own = new URL(url)
  let at = own
  try {
    for (let redirects = 0; ; redirects += 1) {
      const response = await open(at, isOwnPrivate(at, own), input)
      const next = targetOf(response, at)
      if (next === null) return await answerOf(response, input.bytesMax)
      response.destroy()
      if (redirects >= SOURCE_REDIRECTS_MAX) return refusal(`more than ${SOURCE_REDIRECTS_MAX} redirects`)
      const fault = redirectFault(next, at, own)
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

/** Whether `url` is the private host that the operator named; a change from http to https keeps the host. */
function isOwnPrivate(url: URL, own: URL): boolean {
  if (url.hostname !== own.hostname || !isPrivateHost(own.hostname)) return false
  return url.port === own.port
}

/** The target of a redirect (RFC 9110 §15.4) without a password, or null where the answer is none. */
function targetOf({ statusCode = 0, headers }: IncomingMessage, at: URL): URL | null {
  if (![301, 302, 303, 307, 308].includes(statusCode) || headers.location === undefined) return null
  const target = URL.canParse(headers.location, at.href) ? new URL(headers.location, at) : null
  if (target !== null) {
    target.username = ''
    target.password = ''
  }
  return target
}

/** Why a redirect is not followed, or null. `own` is the base URL that the operator gave. */
export function redirectFault(next: URL, at: URL, own: URL): string | null {
  if (next.protocol !== 'https:' && next.protocol !== 'http:') return 'its scheme is not http or https'
  if (next.protocol === 'http:' && at.protocol === 'https:') return 'it leads from https to http'
  if (isPrivateHost(next.hostname) && !isOwnPrivate(next, own)) return 'its address is not a public one'
  return null
}

/** The origin alone: the rest of a stranger's URL may be as long and as odd as they like. */
function nameOf(url: URL): string {
  return `${url.protocol}//${url.host}`.slice(0, 100)
}

function open(url: URL, mayBePrivate: boolean, { headers, signal, lookup = systemLookup }: HttpGetInput) {
  return new Promise<IncomingMessage>((resolve, reject) => {
    const options = {
      headers: { ...headers, 'accept-encoding': 'gzip' },
      signal,
      // A connection of its own: a kept one would have been checked for another request.
      agent: false,
      lookup: mayBePrivate ? lookup : publicLookup(lookup),
    }
    // Node asks no resolver for what is an address already.
    const address = bareAddress(url.hostname)
    if (address !== null && !mayBePrivate && !isPublicAddress(address)) reject(notPublic(url.hostname))
    else {
      const request = url.protocol === 'https:' ? requestHttps(url, options) : requestHttp(url, options)
      request.on('response', resolve).on('error', reject).end()
    }
  })
}

/** Leaves the public ones of the addresses that a name has; fails where it has no other. */
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
    `${name.slice(0, 100)} has no public address. A server of a private network is asked only where the base URL names its address itself, or a name such as localhost or mirror.internal`,
  )
}

/** Reads the body as far as its bound; more than that ends the reading, and the rest is never unpacked. */
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
