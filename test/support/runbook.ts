import { spawn } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { collect, type Finished } from './command.ts'
import { PROGRAM } from './program.ts'

/** The pages of the runbook, from the root of the repository. */
export const RUNBOOK_PAGES = [
  'docs/RUNBOOK.md',
  ...readdirSync(join(PACKAGE_ROOT, 'docs/runbook')).map((name) => `docs/runbook/${name}`),
]

/**
 * Returns the rest of a shell block of the runbook, from the line that begins with `start`, with its paths replaced by the
 * test's own. Throws if the runbook has no such line, or a path is not in it.
 */
export function runbookCommand(start: string, replaced: readonly (readonly [string, string])[]): string {
  const pages = RUNBOOK_PAGES.map((page) => readFileSync(join(PACKAGE_ROOT, page), 'utf8')).join('\n')
  const blocks = [...pages.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block = '']) => block)
  const lines = blocks.map((block) => block.split('\n').map((line) => line.trim()))
  const found = lines.find((block) => block.some((line) => line.startsWith(start)))
  if (found === undefined) throw new Error(`the runbook has no line that begins with ${start}`)
  const command = found.slice(found.findIndex((line) => line.startsWith(start))).join('\n')
  return replaced.reduce((text, [from, to]) => {
    if (!text.includes(from)) throw new Error(`${from} is not in ${text}`)
    return text.replaceAll(from, to)
  }, command)
}

/** Runs lines in a shell that has a command `paperround`. Stops at the first line that fails. */
export function runShell(lines: string, env: Readonly<Record<string, string>>, cwd: string): Promise<Finished> {
  const script = `set -eu\npaperround() { '${process.execPath}' '${PROGRAM}' "$@"; }\n${lines}`
  const child = spawn('bash', ['-c', script], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  return collect(child)
}
