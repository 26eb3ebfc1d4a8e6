import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { collect, type Finished } from './command.ts'
import { PROGRAM } from './program.ts'

/**
 * The lines of the runbook's block for the shell from the one that begins with `start` on, with paths replaced by the test's
 * own. Throws where the runbook has no such line, or a path is not in it.
 */
export function runbookCommand(start: string, replaced: readonly (readonly [string, string])[]): string {
  const page = readFileSync(join(PACKAGE_ROOT, 'docs/RUNBOOK.md'), 'utf8')
  const blocks = [...page.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block)
  const lines = blocks.map((block) => block.split('\n').map((line) => line.trim()))
  const found = lines.find((block) => block.some((line) => line.startsWith(start)))
  if (found === undefined) throw new Error(`the runbook has no line that begins with ${start}`)
  const command = found.slice(found.findIndex((line) => line.startsWith(start))).join('\n')
  return replaced.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${from} is not in ${text}`)
    return text.replaceAll(from, to)
  }, command)
}

/** Runs lines in a shell that knows `paperround`, and stops at the first that fails. */
export function runShell(lines: string, env: Readonly<Record<string, string>>, cwd: string): Promise<Finished> {
  const script = `set -eu\npaperround() { '${process.execPath}' '${PROGRAM}' "$@"; }\n${lines}`
  const child = spawn('bash', ['-c', script], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return collect(child)
}
