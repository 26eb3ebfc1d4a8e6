import { spawn } from 'node:child_process'
import { UserError } from '../../src/platform/errors.ts'
import { ended } from '../../test/support/program.ts'
import { answerOf, forkBench, letGo, type Sink, usageOf } from '../setup/children.ts'
import { createSinkStats, type SinkReport } from '../setup/sink-stats.ts'

/** A sink of ours, in a process of its own: Resend’s API, or SMTP. */
export async function openSink(kind: 'http-sink' | 'smtp-sink', warm: number): Promise<Sink> {
  return openCounting(kind, warm, {})
}

/** A worker of the program whose transport takes everything at once: both worker and sink. */
export async function openAcceptingWorker(env: Readonly<Record<string, string>>, warm: number): Promise<Sink> {
  return openCounting('accepting-worker', warm, env)
}

async function openCounting(script: string, warm: number, env: Readonly<Record<string, string>>): Promise<Sink> {
  const child = forkBench(script, { warm }, env)
  const { port } = await answerOf<{ port: number }>(child)
  const ask = () => {
    const answer = answerOf<SinkReport>(child)
    child.send('report')
    return answer
  }
  let last: Promise<SinkReport | null> = Promise.resolve(null)
  return {
    port,
    usage: () => usageOf(child.pid),
    report() {
      // One question at a time, or an answer would be taken for another’s.
      last = last.catch(() => null).then(ask)
      return last as Promise<SinkReport>
    },
    async close() {
      await letGo(child)
    },
  }
}

/**
 * Postfix’s own smtp-sink, where it is installed; null elsewhere. It takes 0.4 ms a letter, so that nobody is faster than
 * 3,000/s into it. It tells its counts after each letter; the letters’ bytes it does not tell.
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
