import { createPrivateKey } from 'node:crypto'
import { existsSync, readFileSync, statSync } from 'node:fs'
import { isIP } from 'node:net'
import { validate } from 'node-cron'
import { z } from 'zod'
import { type Day, isTimezone, parseDay } from '../src/domain/day.ts'
import { checkAddress } from '../src/domain/subscriber.ts'
import type { Mailbox, TransportName } from '../src/mail/transport.ts'
import { TRANSPORT_NAMES } from '../src/mail/transport.ts'
import { parseSynonyms, type SynonymLine } from '../src/ranking/words/synonyms.ts'
import { parsePasswordHash } from '../src/security/password.ts'
import { readTotpSecret } from '../src/security/totp.ts'
import { isPrivateHost } from '../src/sources/http/public-address.ts'
import type { BounceMailboxConfig } from './config.ts'
import { SYNONYMS_FILE_BYTES_MAX } from './limits.ts'
import { VERP_TOKEN_CHARS_MAX } from './limits-inbound.ts'

// The message of a field follows the variable's name and says what the value must be. It never repeats a value that may be
// secret.

export const url = (schemes: readonly string[], example: string) =>
  z
    .string()
    .refine(
      (text) => URL.canParse(text) && schemes.includes(new URL(text).protocol) && new URL(text).hostname !== '',
      `must be a URL such as ${example}`,
    )

/** A Redis URL. The path must be a database number, because ioredis treats any other text as number 0 or fails. */
export const redisUrl = () =>
  url(['redis:', 'rediss:'], 'redis://host:6379').refine(
    (text) => !URL.canParse(text) || /^\/?\d{0,6}$/.test(new URL(text).pathname),
    'must end with the number of a database or nothing after the port, such as redis://host:6379/1',
  )

/** An http(s) address without query or fragment; trailing slashes are removed. */
export const site = () =>
  z
    .string()
    .refine((text) => {
      if (!URL.canParse(text)) return false
      const { protocol, search, hash, username } = new URL(text)
      return ['http:', 'https:'].includes(protocol) && search === '' && hash === '' && username === ''
    }, 'must be an http or https address without query or fragment, such as https://papers.example.org')
    .transform((text) => text.replace(/\/+$/, ''))

/** The public address. The path is compared with the paths of requests, so browsers must not rewrite it. */
export const publicUrl = () =>
  site().refine(
    (text) => !URL.canParse(text) || /^https?:\/\/[^/]+(\/(?!\.{1,2}(\/|$))[\w.~-]+)*$/i.test(text),
    'may only have a path of plain names, such as https://example.org/papers',
  )

export const whole = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,6}$/.test(text) && Number(text) >= least && Number(text) <= most,
      `must be a whole number from ${least} to ${most}`,
    )
    .transform(Number)

/** A number of months, or 0 for no limit. */
export const months = (least: number, most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,3}$/.test(text) && (Number(text) === 0 || (Number(text) >= least && Number(text) <= most)),
      `must be a whole number from ${least} to ${most}, or 0 to keep all`,
    )
    .transform(Number)

export const rate = (most: number) =>
  z
    .string()
    .refine(
      (text) => /^\d{1,5}(\.\d{1,3})?$/.test(text) && Number(text) > 0 && Number(text) <= most,
      `must be a number above 0 and up to ${most}`,
    )
    .transform(Number)

export const secret = (chars: number, from: string) =>
  z.string().min(chars, `is shorter than ${chars} characters. Use ${from}`)

/** A token that is sent in a header, which can contain only visible ASCII characters (RFC 9110 §5.5). */
export const headerToken = (from: string) =>
  z.string().regex(/^[!-~]{10,1000}$/, `must be 10 or more ASCII characters without blanks; ${from}`)

/** The address of a server that gets a token. */
export const siteForTokens = () =>
  site().refine(
    (text) => text.startsWith('https:') || (URL.canParse(text) && isPrivateHost(new URL(text).hostname)),
    'must be https, because a token is sent there',
  )

/** A password, or its hash from `paperround hash-password`. */
export const password = () =>
  secret(12, 'a sentence of your own').refine(
    (text) => !/^scrypt[.$]\d/.test(text) || parsePasswordHash(text) !== null,
    'looks like a hash but is not valid. Create one with `paperround hash-password`',
  )

export const totpSecret = () =>
  z
    .string()
    .refine(
      (text) => (readTotpSecret(text)?.bytes.length ?? 0) >= 16,
      'must be at least 26 characters of base32 (A–Z, 2–7)',
    )

/** Text on one line. */
export const line = (chars: number) =>
  z
    .string()
    .max(chars, `is longer than ${chars} characters`)
    .refine((text) => !/\p{Cc}/u.test(text), 'must be one line without control characters')

export const hostName = (example: string, labels = 2) =>
  z
    .string()
    .refine(
      (text) =>
        text.length <= 253 &&
        text.split('.').length >= labels &&
        text.split('.').every((label) => /^[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9])?$/i.test(label)),
      `must be a name such as ${example}`,
    )

/** An address or a name of this machine. Brackets around an IPv6 address, as in a URL, are removed. */
export const listenHost = () =>
  z
    .string()
    .transform((text) => text.replace(/^\[(.*)\]$/, '$1'))
    .refine(
      (text) => isIP(text) !== 0 || hostName('localhost', 1).safeParse(text).success,
      'must be an address of this machine without a port, such as 127.0.0.1, or 0.0.0.0 for all of them',
    )

export const cron = () =>
  z
    .string()
    .refine(
      (text) => text.split(/\s+/).length === 5 && validate(text),
      'must be a cron expression of five fields, such as 0 6 * * *',
    )

export const timezone = () => z.string().refine(isTimezone, 'must be an IANA time zone, such as Europe/Berlin')

export const day = () =>
  z.string().transform((text, context): Day => {
    const parsed = parseDay(text)
    if (parsed === null) context.addIssue({ code: 'custom', message: 'must be a day such as 2026-11-24' })
    return parsed ?? (text as Day)
  })

export const source = () =>
  z
    .string()
    .refine(
      (text) => ['huggingface', 'arxiv', 'sample'].includes(text) || /^file:./.test(text),
      'must name huggingface, arxiv, sample or file:PATH',
    )

/** An address, a range in CIDR notation, or one of proxy-addr's names for private ranges. */
export const network = () =>
  z.string().refine((text) => {
    if (['loopback', 'linklocal', 'uniquelocal'].includes(text)) return true
    const [address = '', bits = '0', ...rest] = text.split('/')
    const family = isIP(address)
    return family !== 0 && rest.length === 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (family === 4 ? 32 : 128)
  }, 'must be addresses or ranges such as 10.0.0.0/8, or loopback')

export const category = () => z.string().regex(/^[a-z-]+(\.[A-Za-z-]+)?$/, 'must name arXiv categories such as cs.CL')

/** A comma-separated list. Blanks around commas and empty items are ignored. */
export const list = <T extends z.ZodType<string, string>>(item: T) =>
  z
    .string()
    .transform((text) =>
      text
        .split(',')
        .map((part) => part.trim())
        .filter((part) => part !== ''),
    )
    .pipe(z.array(item))

export const transports = () =>
  list(z.string())
    .refine(
      (names) => names.length > 0 && names.every((name) => (TRANSPORT_NAMES as readonly string[]).includes(name)),
      `must be ${TRANSPORT_NAMES.join(', ')} or a comma-separated list of them`,
    )
    .refine((names) => new Set(names).size === names.length, 'names a transport twice')
    .transform((names) => names as TransportName[])

/** `Name <address>` or a bare address. */
export const mailbox = () =>
  z.string().transform((text, context): Mailbox => {
    const named = /^(?<name>[^<>]*)<(?<address>[^<>]+)>$/.exec(text)?.groups
    const address = checkAddress(named?.address ?? text)
    const name = named?.name?.trim().replace(/^"(.*)"$/, '$1') ?? ''
    if (!address.ok)
      context.addIssue({
        code: 'custom',
        message: `must be an address such as Paperround <digest@example.org>: ${address.reason}`,
      })
    else if (/\p{Cc}/u.test(name))
      context.addIssue({ code: 'custom', message: 'must be one line without control characters' })
    return { name: name === '' ? null : name, address: address.ok ? address.email : '' }
  })

/** PEM text, with line breaks or a literal `\n`, or the path of a PEM file. */
export const privateKey = () =>
  z.string().transform((text, context) => {
    try {
      const pem = text.includes('-----BEGIN')
        ? text.replaceAll('\\n', '\n')
        : existsSync(text)
          ? readFileSync(text, 'utf8')
          : ''
      createPrivateKey(pem)
      return pem
    } catch {
      context.addIssue({ code: 'custom', message: 'must be a private key in PEM form, or the path of a file with one' })
      return ''
    }
  })

const LOCAL_PART_BYTES_MAX = 64 // RFC 5321 §4.5.3.1.1.

/** An address whose local part is short enough for an added `+TOKEN`. */
export const bounceAddress = () =>
  z.string().refine(
    (text) => {
      const local = text.slice(0, text.lastIndexOf('@'))
      return (
        checkAddress(text).ok &&
        !local.includes('+') &&
        Buffer.byteLength(local) + 1 + VERP_TOKEN_CHARS_MAX <= LOCAL_PART_BYTES_MAX
      )
    },
    `must be an address such as bounces@example.org, with at most ${LOCAL_PART_BYTES_MAX - 1 - VERP_TOKEN_CHARS_MAX} characters and no + before the @`,
  )

export const bounceMailbox = () =>
  z.string().transform((text, context): BounceMailboxConfig => {
    const path = /^maildir:(\/.+)$/.exec(text)?.[1]
    if (path !== undefined) return { kind: 'maildir', path }
    const url = URL.canParse(text) ? new URL(text) : null
    if (url === null || !/^imaps?:$/.test(url.protocol) || url.hostname === '' || url.username === '')
      context.addIssue({ code: 'custom', message: 'must be maildir:/path or imaps://user:password@host/INBOX' })
    return { kind: 'imap', url: text }
  })

/** The path of an existing folder. */
export const folder = () =>
  z
    .string()
    .refine((path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true, 'must be the path of a folder')

/** The path of a file of synonyms. Each fault names the file and its line. */
export const synonymsFile = () =>
  z.string().transform((path, context): readonly SynonymLine[] => {
    const fault = (message: string) => context.addIssue({ code: 'custom', message })
    const found = statSync(path, { throwIfNoEntry: false })
    if (found === undefined || !found.isFile() || found.size > SYNONYMS_FILE_BYTES_MAX) {
      fault(`must be the path of a text file of at most ${SYNONYMS_FILE_BYTES_MAX / 1000} KB. ${path} is not`)
      return []
    }
    const { lines, faults } = parseSynonyms(readFileSync(path, 'utf8'))
    for (const { line, reason } of faults) fault(`names ${path}. Its line ${line} ${reason}`)
    return lines
  })
