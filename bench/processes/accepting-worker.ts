import { readEnv } from '../../config/env.ts'
import { startWorkers } from '../../src/cli/day/steps.ts'
import type { Letter, Transport } from '../../src/mail/transport.ts'
import { createLogger } from '../../src/platform/log.ts'
import { wovenBytes } from '../../src/rendering/fragment.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { createTally, reportTo, type SinkOrder } from '../setup/sink-stats.ts'

/**
 * The program’s worker with a transport that takes everything at once: claim, choose, compose, settle and queue are the
 * real ones, and only the call is missing. Letters are handed over complete, as to any transport.
 */
const tally = createTally(JSON.parse(process.argv[2] ?? '{}') as SinkOrder)
const transport: Transport = {
  name: 'resend',
  parcelSize: 100,
  keyLifeMs: 3_600_000,
  keyCovers: 'parcel',
  async send({ letters }) {
    tally.count(
      letters.length,
      letters.reduce((sum, letter) => sum + bytesOf(letter), 0),
    )
    return letters.map((_, at) => ({
      kind: 'accepted' as const,
      providerId: `00000000-0000-4000-8000-${(tally.letters + at).toString(16).padStart(12, '0')}`,
    }))
  },
  check: async () => ({ ok: true, note: 'takes everything' }),
  close: async () => {},
}

function bytesOf(letter: Letter): number {
  const { pieces } = letter
  if (pieces === undefined) return letter.html.length + letter.text.length
  return wovenBytes(pieces.html) + wovenBytes(pieces.text)
}

const app = await openApp(readEnv(process.env, { cwd: process.cwd() }), {
  log: createLogger('warn'),
  transports: [transport],
})
const running = await startWorkers(app)
reportTo(process, tally, 0, async () => {
  for (const part of [...running, app]) await part.close()
})
