import { spawnSync } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { describe, expect, it } from '@jest/globals'
import { createTerminal } from '../../src/cli/output/terminal.ts'
import { escapeControls } from '../../src/platform/escape-controls.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { runCommand } from '../support/command.ts'

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => String.fromCodePoint(from + index))

describe('text that a terminal shows', () => {
  it.each([
    ['C0', [...range(0, 8), ...range(0xb, 0x1f)]],
    ['DEL and C1', range(0x7f, 0x9f)],
    ['bidirectional marks', [...range(0x202a, 0x202e), ...range(0x2066, 0x2069), '\u200e', '\u200f', '\u061c']],
    ['zero-width characters', ['\u200b', '\u200c', '\u200d', '\u2060', '\ufeff', '\u00ad', '\u180e', '\u{e0041}']],
    ['separators of lines and paragraphs', ['\u2028', '\u2029']],
    ['halves of surrogate pairs', ['\ud800', '\udfff']],
  ])('escapes %s', (_, characters) => {
    for (const character of characters) {
      const shown = escapeControls(`a${character}b`)
      expect(shown).toMatch(/^a(?:\\u[0-9a-f]{4})+b$/)
      expect(JSON.parse(`"${shown}"`)).toBe(`a${character}b`)
    }
  })

  it.each([
    ['a title in English', 'Attention Is All You Need — “again”\tand\nmore'],
    ['Persian with its joiner', 'می\u200cخواهم'],
    ['Hindi with its joiner', 'क्\u200dष'],
    ['a family of emoji', '👩\u200d👩\u200d👧 and 👩🏽\u200d🚀 and 🏳️\u200d🌈'],
    ['Hebrew, Chinese and mathematics', 'שלום 漢字 ℝ² ≤ ∑ 𝒪(n)'],
  ])('keeps %s', (_, text) => {
    expect(escapeControls(text)).toBe(text)
  })

  it('shows a hidden joiner of an address', () => {
    expect(escapeControls('ad\u200da@example.org')).toBe('ad\\u200da@example.org')
  })
})

describe('the built program', () => {
  it('escapes mistyped arguments and quotes in log lines', async () => {
    const told = await runCommand(['frob\u001b[2J\u202e'], {}, tmpdir())
    expect([told.code, told.err]).toEqual([2, expect.stringContaining('frob\\u001b[2J\\u202e')])
    const code = `const { createLogger } = await import(process.argv[1]); createLogger('info').warn({ reason: '\\u009b2J\\u202e' }, 'x')`
    const log = pathToFileURL(join(PACKAGE_ROOT, 'dist/src/platform/log/log.js')).href
    const { stderr } = spawnSync(process.execPath, ['--input-type=module', '-e', code, log], { encoding: 'utf8' })
    expect(stderr).toContain('"reason":"\\u009b2J\\u202e"')
  })
})

describe('a command’s terminal', () => {
  const hostile = 'T\u001b]0;owned\u0007\u202eeltit\u009b2J'
  const shown = 'T\\u001b]0;owned\\u0007\\u202eeltit\\u009b2J'

  function open(isTTY: boolean) {
    const written: string[] = []
    const stream = { isTTY, on() {}, write: (text: string) => written.push(text) } as unknown as NodeJS.WriteStream
    return { terminal: createTerminal(stream, stream), written }
  }

  it('escapes all output except a file for programs that is written to a pipe', () => {
    const { terminal, written } = open(false)
    terminal.out(hostile)
    terminal.err(hostile)
    const progress = terminal.progress('sent', 2)
    progress.update(1, 2, hostile)
    progress.say([hostile])
    expect(written).toEqual([`${shown}\n`, `${shown}\n`, `sent 1/2 · ${shown}\n`, `${shown}\n`])
    terminal.data(hostile)
    expect(written.at(-1)).toBe(`${hostile}\n`)
    const watched = open(true)
    watched.terminal.data(hostile)
    expect(watched.written).toEqual([`${shown}\n`])
  })
})
