import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, relative } from 'node:path'
import Handlebars from 'handlebars'
import { TagError } from './checked-files.ts'
import type { ReactLoader } from './react-templates.ts'

/** An error of a template, with its position if known. */
export interface TemplateFault {
  readonly words: string
  /** A path such as `templates/digest/digest.mjml`, or null when the position is unknown. */
  readonly file: string | null
  readonly line: number | null
  /** The line and its neighbours. */
  readonly excerpt: readonly { readonly line: number; readonly text: string; readonly here: boolean }[]
}

interface Place {
  readonly file: string
  readonly line: number
}

/** Describes an error of a template, with file and line if known. */
export function explainFault(error: unknown, folder: string, mail: string, react: ReactLoader | null): TemplateFault {
  const caught = error instanceof Error ? error : new Error(String(error))
  const words = wordsOf(caught)
  const place = placeOf(caught, folder, mail, react)
  return {
    words,
    file: place === null ? null : `templates/${relative(folder, place.file)}`,
    line: place?.line ?? null,
    excerpt: place === null ? [] : excerptOf(place),
  }
}

// Removes internal details of swc and MJML from the message.
function wordsOf({ message }: Error): string {
  return message
    .replace(/\n+Caused by:[\s\S]*/, '')
    .replace(/Line \d+ of \S+ /g, '')
    .replace(' in [object Object]', '')
    .trim()
}

function placeOf(error: Error, folder: string, mail: string, react: ReactLoader | null): Place | null {
  if (error instanceof TagError) return placeOfTag(error, folder)
  return (
    inOwnFolder(error, folder) ??
    inSwcMessage(error, folder) ??
    inStack(error, react) ??
    inHandlebars(error, folder, mail) ??
    inMjml(error, folder, mail)
  )
}

/** Returns null for a file that the folder lacks: the operator’s folder may have no frame, and ours is used. */
function placeOfTag({ fault: { file, line } }: TagError, folder: string): Place | null {
  return file === null || line === null || !existsSync(join(folder, file)) ? null : { file: join(folder, file), line }
}

/** Finds the position in a template of an operator’s folder, which runs without a build under its own name. */
function inOwnFolder(error: Error & { place?: Place }, folder: string): Place | null {
  const { place, stack = '' } = error
  if (place !== undefined) return place
  const at = stack.indexOf(`${folder}/`)
  const [, file, line] = at < 0 ? [] : (/^(.+?\.(?:[jt]sx?)):(\d+):\d+/.exec(stack.slice(at)) ?? [])
  return file === undefined ? null : { file, line: Number(line) }
}

/** Finds the position in a message of swc: `,-[/path/digest.tsx:12:1]`. */
function inSwcMessage({ message }: Error, folder: string): Place | null {
  const [, file, line] = /-\[(.+?):(\d+):\d+\]/.exec(message) ?? []
  return file === undefined || !file.startsWith(folder) ? null : { file, line: Number(line) }
}

/** Finds the first stack frame in a template, when a component threw. */
function inStack({ stack = '' }: Error, react: ReactLoader | null): Place | null {
  for (const [, file = '', line, column] of stack.matchAll(/(?:file:\/\/)?(\/[^():]+\.mjs):(\d+):(\d+)/g)) {
    const found = react?.original(file, Number(line), Number(column)) ?? null
    if (found !== null) return found
  }
  return null
}

/** Finds a Handlebars file that does not parse, or an unknown name. Errors of Handlebars have a line but no file. */
function inHandlebars(error: Error & { lineNumber?: number }, folder: string, mail: string): Place | null {
  const files = filesOf(folder, mail)
  for (const file of files) {
    try {
      Handlebars.parse(readFileSync(file, 'utf8'))
    } catch (fault) {
      return { file, line: Number(/line (\d+)/.exec((fault as Error).message)?.[1] ?? 1) }
    }
  }
  const missing = /^"(.+?)" not defined in|partial (\S+) could not be found|the message (\S+) has no value/.exec(
    error.message,
  )
  const name = missing?.[1] ?? missing?.[2] ?? missing?.[3]
  if (name === undefined) return null
  const at = (file: string) => linesOf(file).findIndex((text) => text.includes('{{') && text.includes(name)) + 1
  const line = error.lineNumber
  const exact = files.find((file) => line !== undefined && (linesOf(file)[line - 1] ?? '').includes(name))
  if (exact !== undefined && line !== undefined) return { file: exact, line }
  const first = files.find((file) => at(file) > 0)
  return first === undefined ? null : { file: first, line: at(first) }
}

/** Searches the templates for the tag in an MJML error, because its line number refers to the output of Handlebars. */
function inMjml(
  error: Error & { errors?: { tagName: string; message: string }[] },
  folder: string,
  mail: string,
): Place | null {
  const [first] = error.errors ?? []
  const tag = first?.tagName ?? /\((mj-?[\w-]*)\)/.exec(error.message)?.[1]
  if (tag === undefined) return null
  const attribute = /Attribute (\S+)/.exec(first?.message ?? error.message)?.[1]
  const needles = [`<${tag}`, ...(attribute === undefined ? [] : [`${attribute}=`])]
  for (const file of filesOf(folder, mail)) {
    const line = linesOf(file).findIndex((text) => needles.every((needle) => text.includes(needle))) + 1
    if (line > 0) return { file, line }
  }
  return null
}

/** Returns the MJML and text templates of a mail, its own first. */
function filesOf(folder: string, mail: string): string[] {
  const own = [join(folder, mail, `${mail}.mjml`), join(folder, mail, `${mail}.txt`)]
  const frame = join(folder, 'frame')
  const shared = existsSync(frame) ? readdirSync(frame).map((name) => join(frame, name)) : []
  return [...own, ...shared].filter((file) => /\.(mjml|txt)$/.test(file) && existsSync(file))
}

const NEIGHBOURS = 2

function excerptOf({ file, line }: Place): TemplateFault['excerpt'] {
  return linesOf(file)
    .map((text, index) => ({ line: index + 1, text, here: index + 1 === line }))
    .filter((each) => Math.abs(each.line - line) <= NEIGHBOURS)
}

function linesOf(file: string): string[] {
  return readFileSync(file, 'utf8').split('\n')
}
