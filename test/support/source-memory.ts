import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

export interface SourceReading {
  readonly kind: string
  readonly reason: string
  readonly papers: number
}

// The peak of the process itself, in kB: `maxRSS` would begin with the peak of the process that started it.
const CHILD = `
import { readFileSync } from 'node:fs'
const { huggingfaceSource } = await import(process.argv[1] + '/huggingface.js')
const { arxivSource } = await import(process.argv[1] + '/arxiv/arxiv.js')
const [, , name, baseUrl, times] = process.argv
const parts = { baseUrl, feedUrl: null, categories: ['cs.CL'], userAgent: 'x', clock: () => new Date('2026-11-24T12:00:00Z'),
  sleep: async () => {}, limiter: (run) => run() }
const answers = []
for (let at = 0; at < Number(times); at += 1) {
  const url = baseUrl + '/' + at
  const source = name === 'arxiv' ? arxivSource({ ...parts, baseUrl: url }) : huggingfaceSource({ ...parts, baseUrl: url })
  const { kind, reason = '', listings = [] } = await source.read('2026-11-23')
  answers.push({ kind, reason, papers: listings.length })
}
const peak = Number(/VmHWM:\\s+(\\d+)/.exec(readFileSync('/proc/self/status', 'utf8'))[1]) / 1024
console.log(JSON.stringify({ peak, answers }))
`

/** Lets a source of the built program read `times` answers, in a process of its own; its peak memory in MB, and what it said. */
export async function readInChild(
  source: 'huggingface' | 'arxiv',
  baseUrl: string,
  times: number,
): Promise<{ readonly peak: number; readonly answers: readonly SourceReading[] }> {
  const folder = pathToFileURL(join(PACKAGE_ROOT, 'dist/src/sources')).href
  const child = spawn(process.execPath, ['--input-type=module', '-e', CHILD, folder, source, baseUrl, String(times)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let out = ''
  child.stdout.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  await new Promise((resolve) => child.on('close', resolve))
  return JSON.parse(out)
}
