import { spawn } from 'node:child_process'
import { UserError } from '../../src/platform/errors.ts'
import { ended } from '../../test/support/program.ts'
import { forkBench, nextMessage, release, type Sink, usageOf } from '../setup/children.ts'
import { createSinkStats, type SinkOptions, type SinkReport } from '../setup/sink-stats.ts'

/** Starts a sink for Resend’s API or for SMTP in a process of its own. */
export async function openSink(kind: 'http-sink' | 'smtp-sink', warm: number): Promise<Sink> {
  return openCounting(kind, { warm }, {})
}

/** Starts a worker of the program whose transport accepts everything at once. It is worker and sink in one. */
export async function openAcceptingWorker(env: Readonly<Record<string, string>>, warm: number): Promise<Sink> {
  return openCounting('accepting-worker', { warm }, env)
}

/** Starts a process of the bench that counts messages and reports how many it has. */
export async function openCounting(
  script: string,
  options: SinkOptions,
  env: Readonly<Record<string, string>>,
): Promise<Sink> {
  const child = forkBench(script, options, env)
  const { port } = await nextMessage<{ port: number }>(child)
  const ask = () => {
    const answer = nextMessage<SinkReport>(child)
    child.send('report')
    return answer
  }
  let last: Promise<SinkReport | null> = Promise.resolve(null)
  return {
    port,
    usage: () => usageOf(child.pid),
    report() {
      // One question at a time, so that each gets its own answer.
      last = last.catch(() => null).then(ask)
      return last as Promise<SinkReport>
    },
    async close() {
      await release(child)
    },
  }
}

/**
 * Starts Postfix’s smtp-sink. Returns null where it is not installed. It takes 0.4 ms for a message, so it accepts at most
 * 3,000/s. It reports its count after each message, but no bytes.
 */
export async function openPostfixSink(warm: number, port: number): Promise<Sink | null> {
  const stats = createSinkStats({ warm })
  const user = process.getuid?.() === 0 ? ['-u', 'nobody'] : []
  const child = spawn('smtp-sink', [...user, '-c', `127.0.0.1:${port}`, '200'], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  child.stdout.on('data', (chunk: Buffer) => {
    const messages = Number(/.*mesg=(\d+)\r/s.exec(String(chunk))?.[1] ?? stats.messages)
    if (messages > stats.messages) stats.count(messages - stats.messages, 0)
  })
  const missing = await new Promise<boolean>((resolve, reject) => {
    child.once('error', () => resolve(true))
    child.once('exit', (code) => reject(new UserError(`smtp-sink ended with exit code ${code}.`)))
    child.once('spawn', () => setTimeout(() => resolve(false), 200))
  })
  if (missing) return null
  return {
    port,
    report: async () => stats.report(),
    usage: () => usageOf(child.pid),
    async close() {
      await ended(child, () => child.kill('SIGTERM'))
    },
  }
}
