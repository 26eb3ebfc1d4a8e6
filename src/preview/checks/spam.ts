import { spawn } from 'node:child_process'
import { SPAM_CHECK_MS_MAX, SPAM_REPORT_BYTES_MAX } from '../../../config/limits-web.ts'
import { type Check, type CheckFinding, done } from './check.ts'

type Answer =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'late' }
  | { readonly kind: 'stopped' }

export type SpamCommands = readonly (readonly [string, ...string[]])[]

/** The commands, tried in order. The daemon's client is fast. The program itself takes a few seconds. */
export const SPAM_COMMANDS: SpamCommands = [
  ['spamc', '-R'],
  ['spamassassin', '-L', '-t'], // Local rules only, without network requests.
]

const HOW_TO_INSTALL =
  'SpamAssassin is not installed: neither spamc nor spamassassin can be run. Debian and Ubuntu: apt-get install spamassassin. Fedora: dnf install spamassassin. macOS: brew install spamassassin. Then check again.'

/** Checks the spam score with a local SpamAssassin, if there is one. The signal ends its process. */
export async function checkSpam(
  eml: Buffer,
  { commands = SPAM_COMMANDS, signal }: { readonly commands?: SpamCommands; readonly signal?: AbortSignal } = {},
): Promise<Check> {
  const title = 'Spam score'
  for (const [command, ...args] of commands) {
    const answer = signal?.aborted === true ? STOPPED : await runChecker(command, args, eml, signal)
    if (answer.kind === 'stopped') return { id: 'spam', title, kind: 'absent', reason: 'The check was stopped.' }
    if (answer.kind === 'late') {
      const reason = `${command} did not answer within ${SPAM_CHECK_MS_MAX / 1000} seconds and was ended.`
      return { id: 'spam', title, kind: 'absent', reason }
    }
    const report = answer.kind === 'said' ? readReport(answer.text) : null
    if (report === null) continue
    const findings = report.rules
      .filter(({ points }) => points >= 0.1)
      .map(
        ({ points, name, words }): CheckFinding => ({
          severity: points >= 1 ? 'warning' : 'note',
          words: `${points.toFixed(1)} ${name}: ${words}`,
        }),
      )
    const over: CheckFinding[] =
      report.score >= report.required
        ? [{ severity: 'fault', words: 'SpamAssassin classifies this mail as spam.' }]
        : []
    return done(
      'spam',
      title,
      [...over, ...findings],
      `${report.score} points; spam from ${report.required} (${command})`,
    )
  }
  return { id: 'spam', title, kind: 'absent', reason: HOW_TO_INSTALL }
}

interface Report {
  readonly score: number
  readonly required: number
  readonly rules: readonly { readonly points: number; readonly name: string; readonly words: string }[]
}

/** Reads `3.4/5.0` or `(3.4 points, 5.0 required)`, and the table of rules below it. */
function readReport(text: string): Report | null {
  const found = /^(-?[\d.]+)\/(-?[\d.]+)\s*$/m.exec(text) ?? /\((-?[\d.]+) points, (-?[\d.]+) required\)/.exec(text)
  // spamc answers 0/0 when it cannot reach its daemon.
  if (found === null || Number(found[2]) === 0) return null
  const rules = [...text.matchAll(/^\s*(-?\d+\.\d+) ([A-Z][A-Z0-9_]+)\s+(.*)$/gm)]
  return {
    score: Number(found[1]),
    required: Number(found[2]),
    rules: rules.map(([, points = '0', name = '', words = '']) => ({
      points: Number(points),
      name,
      words: words.trim(),
    })),
  }
}

const STOPPED: Answer = { kind: 'stopped' }

function runChecker(command: string, args: readonly string[], eml: Buffer, signal?: AbortSignal): Promise<Answer> {
  return new Promise((resolve) => {
    // A process group of its own, so that the children of the program end with it.
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'], detached: true })
    const end = () => {
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL')
      } catch {
        // It ended by itself.
      }
    }
    const settle = (answer: Answer) => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', end)
      resolve(answer)
    }
    // The timeout option of spawn keeps its timer when the program is missing, which would delay the exit of the process.
    const timer = setTimeout(end, SPAM_CHECK_MS_MAX)
    signal?.addEventListener('abort', end)
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
      if (text.length > SPAM_REPORT_BYTES_MAX) end()
    })
    // The program is missing, or ends before it has read everything.
    child.on('error', () => settle({ kind: 'missing' }))
    child.stdin.on('error', () => {})
    child.on('close', (_code, killedBy) => {
      if (killedBy === null) settle({ kind: 'said', text })
      else settle(signal?.aborted === true ? STOPPED : { kind: 'late' })
    })
    child.stdin.end(eml)
  })
}
