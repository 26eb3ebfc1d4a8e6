import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { TemplateEngine } from '../../rendering/digest/props.ts'

/** A file that a mail is made of. */
export interface SourceFile {
  /** Below the templates folder, such as `digest/digest.mjml`. */
  readonly path: string
  readonly text: string
}

/** Returns the paths of the files of a mail, its own first, then those of the frame that all mails share. */
export function sourcePaths(folder: string, mail: string, engine: TemplateEngine): string[] {
  const kinds = engine === 'mjml' ? /\.(mjml|txt)$/ : /\.(tsx?|txt)$/
  return [mail, 'frame'].flatMap((inside) =>
    existsSync(join(folder, inside))
      ? readdirSync(join(folder, inside))
          .filter((name) => kinds.test(name))
          .sort(ownFirst(inside))
          .map((name) => `${inside}/${name}`)
      : [],
  )
}

/** Returns the asked file of a mail, or its first one for an empty path. Null for any other file. */
export function readSourceFile(folder: string, paths: readonly string[], asked: string): SourceFile | null {
  const path = asked === '' ? paths[0] : paths.find((each) => each === asked)
  return path === undefined ? null : { path, text: readFileSync(join(folder, path), 'utf8') }
}

function ownFirst(mail: string): (a: string, b: string) => number {
  const rank = (name: string) => (name.endsWith('.txt') ? 2 : name.startsWith(`${mail}.`) ? 0 : 1)
  return (a, b) => rank(a) - rank(b) || a.localeCompare(b)
}
