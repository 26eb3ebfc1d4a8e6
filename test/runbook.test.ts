import { execFileSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { VARIABLES } from '../config/variables.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'

const PAGES = ['README.md', 'docs/RUNBOOK.md', 'docs/DELIVERABILITY.md']
/** Names of a shell or of somebody else's program. */
const NOT_OURS = ['PASSWORD', 'PG_VERSION']
const NAMES = [
  ...VARIABLES.map(({ name }) => name),
  'TEST_DATABASE_URL',
  'TEST_REDIS_URL',
  'CHROMIUM_PATH',
  'PAPERROUND_REQUIRE_ALL',
]

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), 'utf8')

/** What stands between fences of a kind. */
function blocksOf(page: string, kind: string): string[] {
  return [...read(page).matchAll(new RegExp(`^ *\`\`\`${kind}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))].map(
    (match) => match[1] ?? '',
  )
}

/** Every command of ours that a page tells: in a block for the shell, or as code in a sentence. */
function commandsOf(page: string): string[] {
  const lines = ['sh', ''].flatMap((kind) => blocksOf(page, kind)).join('\n')
  const inBlocks = [...lines.matchAll(/^ *(?:npx )?paperround ([a-z].*)$/gm)]
  const inWords = [...read(page).matchAll(/`(?:npx )?paperround ([a-z][^`]*)`/g)]
  return [...inBlocks, ...inWords].map((match) => match[1] ?? '')
}

const helps = new Map<string, string>()
function helpOf(...command: string[]): string {
  const key = command.join(' ')
  const known = helps.get(key)
  if (known !== undefined) return known
  const program = join(PACKAGE_ROOT, 'dist/src/cli/main.js')
  const help = execFileSync(process.execPath, [program, ...command, '--help']).toString()
  helps.set(key, help)
  return help
}

const GROUPS = ['subscribers', 'suppressions']

/** What is not there of a command: its name, or an option. */
function missingIn(command: string): string[] {
  const [name = '', second = ''] = command.split(/\s+/)
  const path = GROUPS.includes(name) ? [name, second] : [name]
  const lost = path.filter((word, depth) => !has(helpOf(...path.slice(0, depth)), word))
  const options = [...command.matchAll(/\s(--[a-z-]+)/g)].map((match) => match[1] ?? '')
  if (lost.length > 0 || options.length === 0) return lost
  return options.filter((option) => !helpOf(...path).includes(option))
}

function has(help: string, command: string): boolean {
  return new RegExp(`^ {2}${command}\\b`, 'm').test(help.split('\nCommands:\n')[1] ?? '')
}

describe.each(PAGES)('%s', (page) => {
  it('tells no command or option that the program does not have', () => {
    const commands = [...new Set(commandsOf(page))]
    expect(commands.length).toBeGreaterThan(1)
    expect(commands.flatMap((command) => missingIn(command).map((what) => [command, what]))).toEqual([])
  })

  it('names no variable that the program does not know', () => {
    const compound = read(page).match(/\b[A-Z]{2,}(?:_[A-Z]+)+\b/g) ?? []
    const assigned = blocksOf(page, 'sh').flatMap((block) =>
      [...block.matchAll(/^ *([A-Z_]+)=/gm)].map((match) => match[1] ?? ''),
    )
    expect([...compound, ...assigned].filter((name) => ![...NAMES, ...NOT_OURS].includes(name))).toEqual([])
  })
})

const FRAGMENT_CHARS_LEAST = 4
/** A server’s own words, up to the sentence of ours that may follow. */
const FOREIGN_WORDS = /(?:: (?:SMTP|Resend)|(?<=came back)): .*?(?=\. (?:Next|Only|Meanwhile|One|\d)|$)/
/** Of a line, what may be filled in: a day, an address, a server's own word. */
const FOREIGN_SHARE_MOST = 0.1

/** Every fixed piece of what the program can say, the longest first. */
function fragmentsOf(...folders: string[]): string[] {
  const files = folders.flatMap((folder) =>
    readdirSync(join(PACKAGE_ROOT, folder), { recursive: true, encoding: 'utf8' }).map((name) => join(folder, name)),
  )
  const fragments = files
    .filter((name) => /\.tsx?$/.test(name))
    .flatMap((name) => literalsIn(read(name)))
    .map((fragment) => fragment.trim())
    .filter((fragment) => fragment.length >= FRAGMENT_CHARS_LEAST)
  return [...new Set(fragments)].sort((a, b) => b.length - a.length)
}

/** The share of a line's letters that no piece accounts for. */
function foreignShare(line: string, fragments: readonly string[]): number {
  const messages = (text: string) => text.match(/\p{L}/gu)?.length ?? 0
  const left = fragments.reduce((rest, fragment) => rest.replaceAll(fragment, ' '), line)
  return messages(left) / Math.max(1, messages(line))
}

/** The fixed pieces of each string and template of a source, in one pass. */
function literalsIn(source: string): string[] {
  const fragments: string[] = []
  let at = 0
  const text = (end: string) => {
    let fragment = ''
    for (at += 1; at < source.length && source[at] !== end; at += 1) {
      if (source[at] === '\\') at += 1
      else if (end === '`' && source.startsWith('${', at)) {
        fragments.push(fragment)
        fragment = ''
        at += 2
        code('}')
        continue
      }
      fragment += source[at]
    }
    fragments.push(fragment)
  }
  const code = (end: string) => {
    for (; at < source.length && source[at] !== end; at += 1) {
      if (source.startsWith('//', at)) at = endOf('\n', source, at)
      else if (source.startsWith('/*', at)) at = endOf('*/', source, at)
      else if (source[at] === "'" || source[at] === '`') text(source[at] ?? '')
      else if (source[at] === '{') {
        at += 1
        code('}')
      }
    }
  }
  code('')
  return fragments
}

function endOf(mark: string, source: string, from: number): number {
  const found = source.indexOf(mark, from)
  return found === -1 ? source.length : found + mark.length - 1
}

describe('what the runbook quotes', () => {
  it('is what the program says', () => {
    // Too short to be a piece by itself.
    const fragments = [...fragmentsOf('src', 'workers'), 'UTC']
    const lines = blocksOf('docs/RUNBOOK.md', 'text').flatMap((block) =>
      block.split('\n').filter((line) => line.trim() !== ''),
    )
    expect(lines.length).toBeGreaterThan(20)
    // Why a letter did not go is a server's own word.
    const ours = lines.map((line) => line.replace(FOREIGN_WORDS, ':').replace(/\S+T\d\d:\S+Z|example\.(com|org)/g, ''))
    expect(ours.filter((line) => foreignShare(line, fragments) > FOREIGN_SHARE_MOST)).toEqual([])
  })
})
