import { readFileSync, statSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, posix } from 'node:path'
import { compileFunction } from 'node:vm'
import type { transform } from 'sucrase'
import type { MailComponent } from '../templates.ts'

/** Returns the component of a mail. Throws if it cannot be loaded. */
export type LoadComponent = (mail: string) => MailComponent

const EXTENSIONS = ['.tsx', '.jsx', '.ts', '.js', '.mjs']

/**
 * Returns a loader of React templates that needs no build. A file is taken from the first folder that has it. sucrase keeps
 * the lines, so that an error names the line of the template. Packages that the program uses too are the program's own:
 * React elements of two copies do not mix.
 */
export async function createComponentLoader(folders: readonly string[]): Promise<LoadComponent> {
  // Only an installation with React templates of its own needs it.
  const sucrase = await import('sucrase')
  const packages = new Map<string, unknown>([
    ['react', (await import('react')).default],
    ['react/jsx-runtime', await import('react/jsx-runtime')],
    ['@react-email/components', await import('@react-email/components')],
  ])
  // The messages of the languages, which our templates import from the program.
  const program = new Map<string, object>([
    ['../src/language/language.ts', await import('../../language/language.ts')],
    ['../src/language/markup.ts', await import('../../language/markup.ts')],
  ])
  const loaded = new Map<string, Record<string, unknown>>()
  const load = (path: string, from: string): Record<string, unknown> => {
    const found = findModule(folders, path)
    if (found === null)
      throw new Error(`${from} imports ${path}, and no file of this name is below ${folders.join(' or ')}`)
    const known = loaded.get(found.file)
    if (known !== undefined) return known
    const module: { exports: Record<string, unknown> } = { exports: {} }
    loaded.set(found.file, module.exports)
    const code = compiled(found.file, sucrase.transform)
    const requireFrom = (to: string) => {
      if (to.startsWith('.')) {
        const target = posix.join(posix.dirname(found.path), to)
        return program.get(target) ?? load(target, found.path)
      }
      return packages.get(to) ?? createRequire(found.file)(to)
    }
    compileFunction(code, ['exports', 'require', 'module'], { filename: found.file })(
      module.exports,
      requireFrom,
      module,
    )
    return module.exports
  }
  return (mail) => {
    const exported = load(`${mail}/${mail}`, 'the program')
    const component = Object.entries(exported).find(
      ([name, value]) => typeof value === 'function' && (name === 'default' || name.endsWith('Mail')),
    )?.[1]
    if (component === undefined) throw new Error('the template exports no component whose name ends in Mail')
    return component as MailComponent
  }
}

/** Returns the file of a module in the first folder that has it. Paths begin at the folder. */
export function findModule(folders: readonly string[], path: string): { file: string; path: string } | null {
  if (path.startsWith('..')) return null
  const bare = path.replace(/\.(tsx|jsx|ts|js|mjs)$/, '')
  for (const folder of folders)
    for (const extension of EXTENSIONS) {
      const file = join(folder, `${bare}${extension}`)
      if (statSync(file, { throwIfNoEntry: false })?.isFile() === true) return { file, path: `${bare}${extension}` }
    }
  return null
}

function compiled(file: string, compile: typeof transform): string {
  try {
    return compile(readFileSync(file, 'utf8'), {
      transforms: ['typescript', 'jsx', 'imports'],
      jsxRuntime: 'automatic',
      production: true,
      filePath: file,
    }).code
  } catch (error) {
    // `Error transforming FILE: Unexpected token (12:4)`
    const [, reason = String(error), line = '1'] = /: (.+) \((\d+):\d+\)$/s.exec((error as Error).message) ?? []
    throw Object.assign(new Error(reason), { place: { file, line: Number(line) } })
  }
}
