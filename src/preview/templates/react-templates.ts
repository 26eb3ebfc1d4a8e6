import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { SourceMap } from 'node:module'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { PACKAGE_ROOT } from '../../platform/paths.ts'
import type { MailComponent } from '../../rendering/templates.ts'

/** The current React templates of a folder, loaded without a build. */
export interface ReactTemplates {
  /** Throws the error that occurred when the template was loaded. */
  component(name: string): MailComponent
}

export interface ReactLoader {
  /** Loads the templates below `folder`. Each `stamp` loads fresh modules. */
  load(folder: string, stamp: string): Promise<ReactTemplates>
  /** Maps a position in a loaded module to its template, or returns null for other modules. */
  original(file: string, line: number, column: number): { file: string; line: number } | null
  close(): void
}

type Compile = (source: string, file: string) => { code: string; map: string }

/**
 * Returns a loader that compiles templates with swc, or null without swc, which is a development dependency. It imports
 * the result from a folder below node_modules, so that templates and program share one `react`.
 */
export async function createReactLoader(): Promise<ReactLoader | null> {
  const compile = await findCompiler()
  const parent = join(PACKAGE_ROOT, 'node_modules', '.cache')
  if (compile === null || !existsSync(dirname(parent))) return null
  mkdirSync(parent, { recursive: true })
  // Stack traces have real paths, and node_modules may be a symbolic link.
  const cache = realpathSync(mkdtempSync(join(parent, 'paperround-preview-')))
  const maps = new Map<string, { file: string; map: SourceMap }>()
  return {
    async load(folder, stamp) {
      const out = join(cache, stamp)
      const failed = new Map<string, Error>()
      for (const name of modulesIn(folder)) {
        const file = join(folder, name)
        try {
          const { code, map } = compile(readFileSync(file, 'utf8'), file)
          const target = join(out, name.replace(/\.tsx?$/, '.mjs'))
          mkdirSync(dirname(target), { recursive: true })
          writeFileSync(target, pointAtModules(code, file, folder))
          maps.set(target, { file, map: new SourceMap(JSON.parse(map)) })
        } catch (error) {
          // Errors of swc are not always instances of Error.
          failed.set(name, new Error((error as Error).message))
        }
      }
      return importMails(folder, out, failed)
    },
    original(file, line, column) {
      const found = maps.get(file)
      if (found === undefined) return null
      const entry = found.map.findEntry(line - 1, column - 1)
      return { file: found.file, line: 'originalLine' in entry ? entry.originalLine + 1 : line }
    },
    close: () => rmSync(cache, { recursive: true, force: true }),
  }
}

async function findCompiler(): Promise<Compile | null> {
  try {
    const { transformSync } = await import('@swc/core')
    return (source, file) => {
      const { code, map } = transformSync(source, {
        filename: file,
        sourceMaps: true,
        configFile: false,
        swcrc: false,
        jsc: {
          parser: { syntax: 'typescript', tsx: true },
          target: 'es2022',
          transform: { react: { runtime: 'automatic' } },
        },
        module: { type: 'es6' },
      })
      return { code, map: map ?? '{}' }
    }
  } catch {
    return null
  }
}

function modulesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) => /\.tsx?$/.test(name))
}

/** Rewrites imports to the compiled modules. Templates may import other templates, packages and the texts, but no other code. */
function pointAtModules(code: string, file: string, folder: string): string {
  return code.replace(/(from\s+|import\s+)(["'])(\.{1,2}\/[^"']+)\2/g, (_, word: string, quote: string, to: string) => {
    const texts = TEXTS.exec(to)?.[1]
    if (texts !== undefined) return `${word}${quote}${programModule(texts)}${quote}`
    const inside = relative(folder, resolve(dirname(file), to))
    if (inside.startsWith('..')) throw new Error(`${relative(folder, file)} imports ${to}, which is not a template`)
    return `${word}${quote}${to.replace(/\.tsx?$/, '.mjs')}${quote}`
  })
}

/** The modules that say the texts of a language. Templates share them with the program, and so its language. */
const TEXTS = /\/src\/language\/(language|markup)\.ts$/

/** Returns the path of a module of the program: its source in tests, and otherwise the built one. */
function programModule(name: string): string {
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js'
  return fileURLToPath(new URL(`../../language/${name}.${ending}`, import.meta.url))
}

async function importMails(folder: string, out: string, failed: ReadonlyMap<string, Error>): Promise<ReactTemplates> {
  const loaded = new Map<string, MailComponent | Error>()
  for (const { name } of readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isDirectory())) {
    if (!existsSync(join(folder, name, `${name}.tsx`)) || name === 'frame') continue
    // The error of a file that does not compile says more than "module not found" in the files that import it.
    loaded.set(
      name,
      failed.get(join(name, `${name}.tsx`)) ?? (await importMail(join(out, name, `${name}.mjs`), failed)),
    )
  }
  return {
    component(name) {
      const found = loaded.get(name) ?? new Error(`templates/${name}/${name}.tsx is missing`)
      if (found instanceof Error) throw found
      return found
    },
  }
}

async function importMail(file: string, failed: ReadonlyMap<string, Error>): Promise<MailComponent | Error> {
  try {
    const module = (await import(pathToFileURL(file).href)) as Record<string, unknown>
    const found = Object.entries(module).find(([name, value]) => name.endsWith('Mail') && typeof value === 'function')
    return (
      (found?.[1] as MailComponent | undefined) ??
      new Error('the template exports no component whose name ends in Mail')
    )
  } catch (error) {
    const [first] = failed.values()
    return first ?? (error as Error)
  }
}
