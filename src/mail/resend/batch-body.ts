import { Fragment, type Fragments } from '../../rendering/fragment.ts'
import type { Mailbox, Message } from '../transport.ts'

/** A pool of buffers for request bodies. Allocating memory costs more than writing a body. */
export interface BodyBuffers {
  take(bytes: number): Buffer
  /** Returns a buffer to the pool. The body must not be in use any more. */
  giveBack(body: Buffer): void
}

/** @param pooledMax the number of concurrent calls. */
export function bodyBuffers(pooledMax: number): BodyBuffers {
  const pooled: ArrayBuffer[] = []
  return {
    take(bytes) {
      const at = pooled.findIndex((each) => each.byteLength >= bytes)
      const [found] = at < 0 ? [] : pooled.splice(at, 1)
      // The spare room makes the buffer fit the next parcel, which has nearly the same size.
      return Buffer.from(found ?? new ArrayBuffer(Math.ceil(bytes * ROOM)))
    },
    giveBack({ buffer }) {
      if (pooled.length >= pooledMax) pooled.shift()
      pooled.push(buffer as ArrayBuffer)
    },
  }
}

const ROOM = 1.25

/**
 * Returns the body of Resend's batch call (https://resend.com/docs/api-reference/emails/send-batch-emails), as
 * `JSON.stringify` would write it. Shared fragments are escaped only once, because the SDK spent nine tenths of a call on
 * escaping. It is a pure function of the messages, so that a retry has the same bytes.
 */
export function batchBody(messages: readonly Message[], buffers: BodyBuffers): Buffer {
  const items = messages.map((message) => ({
    // The last brace is cut off, because html and text follow.
    fields: `${JSON.stringify(fieldsOf(message)).slice(0, -1)},"html":"`,
    html: message.fragments?.html ?? [new Fragment(message.html, 'own')],
    text: message.fragments?.text ?? [new Fragment(message.text, 'own')],
  }))
  const body = buffers.take(items.reduce((sum, item) => sum + bytesAtMost(item), 2))
  let at = 0
  const write = (text: string) => {
    at += body.write(text, at)
  }
  const copy = (fragments: Fragments) => {
    for (const fragment of fragments) {
      if (fragment.shared) {
        const json = jsonOf(fragment)
        body.set(json, at)
        at += json.length
      } else at += body.write(JSON.stringify(fragment.text).slice(1, -1), at)
    }
  }
  for (const { fields, html, text } of items) {
    write(at === 0 ? '[' : ',')
    write(fields)
    copy(html)
    write(BETWEEN)
    copy(text)
    write('"}')
  }
  write(']')
  return body.subarray(0, at)
}

const BETWEEN = '","text":"'

interface Item {
  readonly fields: string
  readonly html: Fragments
  readonly text: Fragments
}

/** Returns an upper bound: a UTF-16 code unit takes at most three bytes in UTF-8, and six where JSON escapes it. */
function bytesAtMost({ fields, html, text }: Item): number {
  let bytes = 3 * fields.length + BETWEEN.length + 3
  for (const fragments of [html, text])
    for (const fragment of fragments) bytes += fragment.shared ? jsonOf(fragment).length : 6 * fragment.text.length
  return bytes
}

/** Escapes a shared fragment once. Fragments never split a surrogate pair, so they can be escaped separately. */
function jsonOf(fragment: Fragment): Buffer {
  fragment.json ??= Buffer.from(JSON.stringify(fragment.text).slice(1, -1))
  return fragment.json
}

function fieldsOf(message: Message): Record<string, unknown> {
  return {
    from: mailboxText(message.from),
    to: [message.to],
    ...(message.replyTo === null ? {} : { reply_to: mailboxText(message.replyTo) }),
    subject: message.subject,
    headers: { 'Message-ID': `<${message.messageId}>`, ...message.headers },
    tags: Object.entries(message.tags).map(([name, value]) => ({ name, value })),
  }
}

/** Quotes the display name (RFC 5322 §3.2.4), so that a comma in it does not start a second mailbox. */
function mailboxText({ name, address }: Mailbox): string {
  return name === null || name === '' ? address : `"${name.replace(/["\\]/g, '\\$&')}" <${address}>`
}
