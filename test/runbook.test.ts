import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { VARIABLES } from '../config/variables.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { RUNBOOK_PAGES } from './support/runbook.ts'

const PAGES = ['README.md', 'docs/DELIVERABILITY.md', 'docs/internals/responses.md', 'docs/IMPORT.md', ...RUNBOOK_PAGES]
/** Variables of the shell, files of PostgreSQL, and columns of Mailchimp. */
const NOT_OURS = ['PASSWORD', 'PG_VERSION', 'UNSUB_TIME', 'CLEAN_TIME', 'UNSUB_REASON']
const NAMES = [
  ...VARIABLES.map(({ name }) => name),
  'TEST_DATABASE_URL',
  'TEST_REDIS_URL',
  'CHROMIUM_PATH',
  'PAPERROUND_REQUIRE_ALL',
]

const read = (path: string) => readFileSync(join(PACKAGE_ROOT, path), 'utf8')

/** Returns the contents of the code blocks of a kind. */
function blocksOf(page: string, kind: string): string[] {
  return [...read(page).matchAll(new RegExp(`^ *\`\`\`${kind}\\n([\\s\\S]*?)^ *\`\`\`$`, 'gm'))].map(
    (match) => match[1] ?? '',
  )
}

/** Returns every `paperround` command on a page, from shell blocks and inline code. */
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

const GROUPS = ['subscribers', 'suppressions', 'operators']

/** Returns the parts of a command that the program does not have: its name, or options. */
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

describe('the pages', () => {
  it('have many commands', () => {
    expect(new Set(PAGES.flatMap(commandsOf)).size).toBeGreaterThan(40)
  })
})

describe.each(PAGES)('%s', (page) => {
  it('has no command or option that the program does not have', () => {
    const commands = [...new Set(commandsOf(page))]
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
/** A server’s own words, up to our next sentence. */
const FOREIGN_WORDS = /(?:: (?:SMTP|Resend)|(?<=came back)): .*?(?=\. (?:Next|Only|Meanwhile|One|\d)|$)/
/** The share of a line that may be filled in: a day, an address, a server's own word. */
const FOREIGN_SHARE_MOST = 0.1

/** Returns every fixed fragment of the program's messages, the longest first. */
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

/** Returns the share of a line's letters that no fragment contains. */
function foreignShare(line: string, fragments: readonly string[]): number {
  const messages = (text: string) => text.match(/\p{L}/gu)?.length ?? 0
  const left = fragments.reduce((rest, fragment) => rest.replaceAll(fragment, ' '), line)
  return messages(left) / Math.max(1, messages(line))
}

/** Returns the fixed fragments of each string and template of a source file, in one pass. */
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

describe('the runbook', () => {
  it('quotes messages of the program', () => {
    // “UTC” is too short to be a fragment.
    const fragments = [...fragmentsOf('src', 'workers'), 'UTC']
    const lines = RUNBOOK_PAGES.flatMap((page) => blocksOf(page, 'text'))
      .flatMap((block) => block.split('\n'))
      .filter((line) => line.trim() !== '')
    expect(lines.length).toBeGreaterThan(20)
    // The reason of a rejection is the server's own words.
    const ours = lines.map((line) => line.replace(FOREIGN_WORDS, ':').replace(/\S+T\d\d:\S+Z|example\.(com|org)/g, ''))
    expect(ours.filter((line) => foreignShare(line, fragments) > FOREIGN_SHARE_MOST)).toEqual([])
  })

  it('has the pages and sections that messages of the program name', () => {
    const named = ['src', 'workers'].flatMap((folder) => fragmentsOf(folder)).join('\n')
    const references = [...named.matchAll(/(?:“([^”]+)” in )?(docs\/[\w/-]+\.md)/g)]
    expect(references.length).toBeGreaterThan(1)
    const missing = references.filter(
      ([, section, page = '']) =>
        !existsSync(join(PACKAGE_ROOT, page)) || (section !== undefined && !read(page).includes(`\n## ${section}\n`)),
    )
    expect(missing.map(([reference]) => reference)).toEqual([])
  })
})
