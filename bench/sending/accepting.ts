import { PARCEL_MEMBERS_MAX } from '../../config/limits.ts'
import type { Message, Transport } from '../../src/mail/transport.ts'
import { fragmentBytes } from '../../src/rendering/fragment.ts'
import { idOf, type SinkStats } from '../setup/sink-stats.ts'

/** Returns a transport that counts complete messages and accepts them at once. */
export function acceptingTransport(stats: SinkStats): Transport {
  return {
    name: 'resend',
    parcelSize: PARCEL_MEMBERS_MAX,
    keyLifeMs: 3_600_000,
    keyCovers: 'parcel',
    async send({ messages }) {
      const from = stats.messages
      stats.count(
        messages.length,
        messages.reduce((sum, message) => sum + bytesOf(message), 0),
      )
      return messages.map((_, at) => ({ kind: 'accepted' as const, providerId: idOf(from + at) }))
    },
    check: async () => ({ ok: true, note: 'takes everything' }),
    close: async () => {},
  }
}

function bytesOf(message: Message): number {
  const { fragments } = message
  if (fragments === undefined) return message.html.length + message.text.length
  return fragmentBytes(fragments.html) + fragmentBytes(fragments.text)
}
