import { spawn } from 'node:child_process'
import { SPAM_CHECK_MS_MAX } from '../../../config/limits-web.ts'
import { type Check, type CheckFinding, done } from './check.ts'

type Answer =
  | { readonly kind: 'said'; readonly text: string }
  | { readonly kind: 'missing' }
  | { readonly kind: 'late' }

/** The commands, tried in order. The daemon's client is fast. The program itself takes a few seconds. */
const COMMANDS: readonly (readonly [string, ...string[]])[] = [
  ['spamc', '-R'],
  ['spamassassin', '-L', '-t'], // Local rules only, without network requests.
]

/** Checks the spam score with a local SpamAssassin, if there is one. */
export async function checkSpam(eml: Buffer, commands = COMMANDS): Promise<Check> {
  const title = 'Spam score'
  for (const [command, ...args] of commands) {
    const answer = await runChecker(command, args, eml)
    if (answer.kind === 'late')
      return { id: 'spam', title, kind: 'absent', reason: `${command} did not answer in time.` }
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
  const reason = 'SpamAssassin is not installed: neither spamc nor spamassassin can be run.'
  return { id: 'spam', title, kind: 'absent', reason }
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

function runChecker(command: string, args: readonly string[], eml: Buffer): Promise<Answer> {
  return new Promise((resolve) => {
    const child = spawn(command, args, { stdio: ['pipe', 'pipe', 'ignore'] })
    // The timeout option of spawn keeps its timer when the program is missing, which would delay the exit of the process.
    const timer = setTimeout(() => child.kill(), SPAM_CHECK_MS_MAX)
    child.on('error', () => clearTimeout(timer))
    child.on('exit', () => clearTimeout(timer))
    let text = ''
    child.stdout.on('data', (chunk: Buffer) => {
      text += chunk.toString()
    })
    // The program is missing, or ends before it has read everything.
    child.on('error', () => resolve({ kind: 'missing' }))
    child.stdin.on('error', () => {})
    child.on('close', (_code, signal) => resolve(signal === null ? { kind: 'said', text } : { kind: 'late' }))
    child.stdin.end(eml)
  })
}
