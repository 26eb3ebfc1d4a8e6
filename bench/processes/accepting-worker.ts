import { readEnv } from '../../config/env.ts'
import { startWorkers } from '../../src/cli/day/steps.ts'
import type { Message, Transport } from '../../src/mail/transport.ts'
import { createLogger } from '../../src/platform/log.ts'
import { fragmentBytes } from '../../src/rendering/fragment.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { createSinkStats, reportTo, type SinkOptions } from '../setup/sink-stats.ts'

/**
 * Runs the program’s worker with a transport that accepts everything at once. Claim, selection, composing, settling and queue
 * are the real ones, and the messages are complete. Only the provider call is missing.
 */
const stats = createSinkStats(JSON.parse(process.argv[2] ?? '{}') as SinkOptions)
const transport: Transport = {
  name: 'resend',
  parcelSize: 100,
  keyLifeMs: 3_600_000,
  keyCovers: 'parcel',
  async send({ messages }) {
    stats.count(
      messages.length,
      messages.reduce((sum, message) => sum + bytesOf(message), 0),
    )
    return messages.map((_, at) => ({
      kind: 'accepted' as const,
      providerId: `00000000-0000-4000-8000-${(stats.messages + at).toString(16).padStart(12, '0')}`,
    }))
  },
  check: async () => ({ ok: true, note: 'takes everything' }),
  close: async () => {},
}

function bytesOf(message: Message): number {
  const { fragments } = message
  if (fragments === undefined) return message.html.length + message.text.length
  return fragmentBytes(fragments.html) + fragmentBytes(fragments.text)
}

const app = await openApp(readEnv(process.env, { cwd: process.cwd() }), {
  log: createLogger('warn'),
  transports: [transport],
})
const running = await startWorkers(app)
reportTo(process, stats, 0, async () => {
  for (const part of [...running, app]) await part.close()
})
