import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { TEMPLATE_FILE_BYTES_MAX, TEMPLATE_FILES_MAX } from '../../../config/limits-brand.ts'
import { usageError } from '../../platform/errors.ts'
import { PACKAGE_ROOT } from '../../platform/paths.ts'
import type { TemplateEngine } from '../digest/props.ts'
import { openTemplateFiles } from '../mjml.ts'
import type { Templates } from '../templates.ts'
import { createComponentLoader, findModule } from './react-loader.ts'

/** The folder of the program's own templates. */
export const OUR_TEMPLATES = join(PACKAGE_ROOT, 'templates')

/** The operator's templates, with ours for the mails that they lack. */
export interface OwnTemplates extends Templates {
  /** A hash of the operator's files. */
  readonly version: string
  /** Returns whether a mail has a file of the operator's, or the frame around it has. */
  isOwn(mail: string): boolean
}

/** Opens TEMPLATES_DIR. Throws a UserError (exit 2) if it has too many files or a name that no mail has. */
export async function openOwnTemplates(folder: string, engine: TemplateEngine): Promise<OwnTemplates> {
  const names = templateNames(folder)
  const folders = [folder, OUR_TEMPLATES]
  const load = engine === 'react' ? await createComponentLoader(folders) : null
  const isOwn = (mail: string) => names.some((name) => name.startsWith(`${mail}/`) || name.startsWith('frame/'))
  return {
    files: openTemplateFiles(folders),
    component: (mail) => (load === null || !isOwn(mail) ? null : load(mail)),
    version: versionOf(folder, names),
    isOwn,
  }
}

/** Returns which files of a mail are the operator's, such as `digest/digest.mjml`. */
export function ownFiles(folder: string, mail: string, engine: TemplateEngine): string[] {
  const html = engine === 'mjml' ? `${mail}/${mail}.mjml` : (findModule([folder], `${mail}/${mail}`)?.path ?? '')
  return [html, `${mail}/${mail}.txt`].filter((name) => name !== '' && existsSync(join(folder, name)))
}

/** Returns the operator's files of the frame around every mail that a template engine reads. */
export function ownFrame(folder: string, engine: TemplateEngine): string[] {
  if (!existsSync(join(folder, 'frame'))) return []
  const names = readdirSync(join(folder, 'frame')).filter((name) => /\.(mjml|[jt]sx?|mjs)$/.test(name))
  return names.filter((name) => name.endsWith('.mjml') === (engine === 'mjml')).map((name) => `frame/${name}`)
}

/** Whether the operator wrote the mail, or only the frame around it. Null: neither. */
export type Owned = 'own' | 'own frame' | null

/** Returns what a folder changes in a mail. */
export function ownedIn(folder: string, mail: string, engine: TemplateEngine): Owned {
  if (ownFiles(folder, mail, engine).length > 0) return 'own'
  return ownFrame(folder, engine).length > 0 ? 'own frame' : null
}

/** Returns the mails that the program sends: the folders of our templates. */
export function mailNames(): string[] {
  return readdirSync(OUR_TEMPLATES)
    .filter((name) => name !== 'frame')
    .sort()
}

/** Returns the names of all template files, such as `digest/digest.mjml`. Folders of packages are left out. */
function templateNames(folder: string): string[] {
  const known = [...mailNames(), 'frame']
  const entries = readdirSync(folder, { withFileTypes: true }).filter(
    ({ name }) => !name.startsWith('.') && !['node_modules', 'package.json', 'package-lock.json'].includes(name),
  )
  const lost = entries.filter((entry) => entry.isDirectory() && !known.includes(entry.name)).map(({ name }) => name)
  if (lost.length > 0)
    throw usageError(
      `TEMPLATES_DIR has the folder ${lost.join(', ')}, which no mail uses. The mails are ${mailNames().join(', ')}; frame is around each of them.`,
    )
  const names = entries
    .filter((entry) => entry.isDirectory())
    .flatMap(({ name }) => readdirSync(join(folder, name)).map((file) => `${name}/${file}`))
    .filter((name) => /\.(mjml|txt|tsx|jsx|ts|js|mjs)$/.test(name))
    .sort()
  if (names.length > TEMPLATE_FILES_MAX)
    throw usageError(`TEMPLATES_DIR has ${names.length} files, and at most ${TEMPLATE_FILES_MAX} are allowed.`)
  const large = names.filter((name) => statSync(join(folder, name)).size > TEMPLATE_FILE_BYTES_MAX)
  if (large.length > 0)
    throw usageError(`TEMPLATES_DIR: ${large.join(', ')} has more than ${TEMPLATE_FILE_BYTES_MAX / 1000} KB.`)
  return names
}

function versionOf(folder: string, names: readonly string[]): string {
  const hash = createHash('sha256')
  for (const name of names) hash.update(`\0${name}\0`).update(readFileSync(join(folder, name)))
  return hash.digest('hex').slice(0, 16)
}
