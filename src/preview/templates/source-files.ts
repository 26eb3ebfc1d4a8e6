import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TemplateEngine } from '../../rendering/digest/props.ts'

/** A file that a mail is made of. */
export interface SourceFile {
  /** Below the templates folder, such as `digest/digest.mjml`. */
  readonly path: string
  readonly text: string
  /** Whether it is in the first folder, that of the operator. */
  readonly own: boolean
}

/**
 * Returns the paths of the files of a mail, its own first, then those of the frame that all mails share. A file of a later
 * folder counts if no earlier one has it.
 */
export function sourcePaths(folders: readonly string[], mail: string, engine: TemplateEngine): string[] {
  const kinds = engine === 'mjml' ? /\.(mjml|txt)$/ : /\.([jt]sx?|mjs|txt)$/
  return [mail, 'frame'].flatMap((inside) => {
    const names = new Map<string, string>()
    for (const folder of folders.map((each) => join(each, inside)).filter(existsSync))
      for (const name of readdirSync(folder).filter((each) => kinds.test(each))) {
        // The operator’s confirm.jsx replaces our confirm.tsx.
        const module = name.replace(/\.([jt]sx?|mjs)$/, '')
        if (!names.has(module)) names.set(module, name)
      }
    return [...names.values()].sort(ownFirst(inside)).map((name) => `${inside}/${name}`)
  })
}

/** Returns the asked file of a mail, or its first one for an empty path. Null for any other file. */
export function readSourceFile(folders: readonly string[], paths: readonly string[], asked: string): SourceFile | null {
  const path = asked === '' ? paths[0] : paths.find((each) => each === asked)
  const folder = folders.find((each) => path !== undefined && existsSync(join(each, path)))
  if (path === undefined || folder === undefined) return null
  return { path, text: readFileSync(join(folder, path), 'utf8'), own: folder === folders[0] }
}

function ownFirst(mail: string): (a: string, b: string) => number {
  const rank = (name: string) => (name.endsWith('.txt') ? 2 : name.startsWith(`${mail}.`) ? 0 : 1)
  return (a, b) => rank(a) - rank(b) || a.localeCompare(b)
}
