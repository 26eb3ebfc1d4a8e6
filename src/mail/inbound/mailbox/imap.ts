import { ImapFlow } from 'imapflow'
import {
  BOUNCE_MESSAGE_BYTES_MAX,
  IMAP_CONNECT_TIMEOUT_MS,
  IMAP_SILENCE_TIMEOUT_MS,
} from '../../../../config/limits-inbound.ts'
import { UserError, usageError } from '../../../platform/errors.ts'
import type { BounceMailbox } from './mailbox.ts'

/**
 * Reads unseen mails from a folder on an IMAP server. It opens a new connection for each read, so a connection lost in
 * between does no harm. Each mail is marked as seen after it was handled.
 * @param url `imaps://user:password@host:993/INBOX`. With `imap:` the connection uses STARTTLS, which is optional only for
 * a server on loopback.
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
      // The waiting call reports a lost connection. Without a listener Node would end the process.
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
        throw new UserError(`${server.address}: ${replyOf(error)}`)
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
    // Fetches with BODY.PEEK, which does not mark the mail as seen.
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
    address: `${host}:${port}`,
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

/** Returns the server's reply, or the error's message. It never contains our commands. */
function replyOf(error: unknown): string {
  const { responseText, message } = error as { responseText?: string; message?: string }
  return responseText ?? message ?? 'no answer'
}
