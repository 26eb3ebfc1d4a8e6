import { ImapFlow } from 'imapflow'
import {
  BOUNCE_MESSAGE_BYTES_MAX,
  IMAP_CONNECT_TIMEOUT_MS,
  IMAP_SILENCE_TIMEOUT_MS,
} from '../../../../config/limits.ts'
import { UserError, usageError } from '../../../platform/errors.ts'
import type { BounceMailbox } from './mailbox.ts'

/**
 * A folder on an IMAP server. Each round connects anew: a line that broke between two rounds is nobody's loss. Mails
 * are marked as seen one by one, after each was handled; those that a person has read are left alone.
 * @param url `imaps://user:password@host:993/INBOX`; with `imap:` the connection is encrypted by STARTTLS, without
 * which only a server on loopback gets the password.
 */
export function imapMailbox({ url }: { readonly url: string }): BounceMailbox {
  const server = readUrl(url)
  return {
    async read(handle, limit) {
      const client = new ImapFlow({
        ...server.options,
        logger: false,
        disableAutoIdle: true,
        connectionTimeout: IMAP_CONNECT_TIMEOUT_MS,
        greetingTimeout: IMAP_CONNECT_TIMEOUT_MS,
        socketTimeout: IMAP_SILENCE_TIMEOUT_MS,
      })
      // A line that breaks is reported by the call that waits for it; without a listener Node would end the process.
      client.on('error', () => {})
      let handling = false
      try {
        await client.connect()
        await client.mailboxOpen(server.folder)
        return await readUnseen(
          client,
          async (raw) => {
            handling = true
            await handle(raw)
            handling = false
          },
          limit,
        )
      } catch (error) {
        if (handling) throw error
        throw new UserError(`${server.place}: ${wordsOf(error)}`)
      } finally {
        client.close()
      }
    },
  }
}

async function readUnseen(client: ImapFlow, handle: (raw: Buffer) => Promise<void>, limit: number): Promise<number> {
  const uids = (await client.search({ seen: false, deleted: false }, { uid: true })) || []
  let read = 0
  for (const uid of [...uids].sort((a, b) => a - b).slice(0, limit)) {
    // BODY.PEEK, so that fetching alone marks nothing.
    const mail = await client.fetchOne(uid, { source: { maxLength: BOUNCE_MESSAGE_BYTES_MAX } }, { uid: true })
    if (mail !== false && mail.source !== undefined) await handle(mail.source)
    await client.messageFlagsAdd(uid, ['\\Seen'], { uid: true })
    read += 1
  }
  return read
}

function readUrl(url: string) {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !/^imaps?:$/.test(parsed.protocol) || parsed.hostname === '')
    throw usageError('BOUNCE_MAILBOX must look like imaps://user:password@mail.example.org/INBOX.')
  const secure = parsed.protocol === 'imaps:'
  const host = parsed.hostname.replace(/^\[|\]$/g, '')
  const port = Number(parsed.port) || (secure ? 993 : 143)
  const loopback = host === 'localhost' || host === '::1' || /^127\./.test(host)
  return {
    place: `${host}:${port}`,
    folder: decodeURIComponent(parsed.pathname.slice(1)) || 'INBOX',
    options: {
      host,
      port,
      secure,
      ...(secure || loopback ? {} : { doSTARTTLS: true }),
      auth: { user: decodeURIComponent(parsed.username), pass: decodeURIComponent(parsed.password) },
      ...(parsed.searchParams.get('tls.rejectUnauthorized') === 'false' ? { tls: { rejectUnauthorized: false } } : {}),
    },
  }
}

/** What the server said, if it said anything; never what we sent. */
function wordsOf(error: unknown): string {
  const { responseText, message } = error as { responseText?: string; message?: string }
  return responseText ?? message ?? 'no answer'
}
