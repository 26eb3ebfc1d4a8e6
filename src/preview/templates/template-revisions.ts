import { execFile } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { PREVIEW_REVISIONS_MAX } from '../../../config/limits-web.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { PACKAGE_ROOT } from '../../platform/paths.ts'
import type { TemplateEngine } from '../../rendering/digest/props.ts'
import { OUR_TEMPLATES, openOwnTemplates } from '../../rendering/own-templates/own-templates.ts'
import type { Templates } from '../../rendering/templates.ts'
import { openCheckedFiles } from './checked-files.ts'
import type { ReactLoader } from './react-templates.ts'

/** `now`: the saved files. `commit`: the files of the last commit. */
export const REVISIONS = ['now', 'commit'] as const
export type Revision = (typeof REVISIONS)[number]

export type OpenedRevision =
  | {
      readonly kind: 'open'
      readonly templates: Templates
      readonly folder: string
      /** The folders that have what the folder lacks. */
      readonly fallback: readonly string[]
      readonly stamp: string
    }
  | { readonly kind: 'absent'; readonly reason: string }

/** The source of the preview's templates. It always opens the latest saved files. */
export interface TemplateRevisions {
  /** The templates folder that is being worked on. */
  readonly folder: string
  open(revision: Revision, engine: TemplateEngine): Promise<OpenedRevision>
  close(): void
}

const run = promisify(execFile)
const GIT_BYTES_MAX = 16 * 1024 * 1024

/** @param own whether the folder is the operator’s, so that ours has the mails that it lacks. */
export function openTemplateRevisions(folder: string, react: ReactLoader | null, own = false): TemplateRevisions {
  const opened = createLoadingCache<Templates>({ max: PREVIEW_REVISIONS_MAX * 2 })
  const checkouts = mkdtempSync(join(tmpdir(), 'paperround-preview-'))
  const open = async (from: string, stamp: string, engine: TemplateEngine): Promise<OpenedRevision> => {
    const templates = await opened(`${engine} ${stamp}`, () => load(from, stamp, engine, react))
    return { kind: 'open', templates, folder: from, fallback: [], stamp }
  }
  return {
    folder,
    async open(revision, engine) {
      if (revision === 'now' && own) {
        const stamp = stampOf(folder)
        const templates = await opened(`${engine} own ${stamp}`, async () => ({
          ...(await openOwnTemplates(folder, engine)),
          files: openCheckedFiles(folder, OUR_TEMPLATES),
        }))
        return { kind: 'open', templates, folder, fallback: [OUR_TEMPLATES], stamp }
      }
      if (revision === 'now') {
        if (engine === 'react' && react === null && folder !== join(PACKAGE_ROOT, 'templates'))
          return { kind: 'absent', reason: `React templates of another folder need @swc/core, which is not installed.` }
        return open(folder, stampOf(folder), engine)
      }
      if (engine === 'react' && react === null)
        return { kind: 'absent', reason: 'An earlier React template needs @swc/core to compile; it is not installed.' }
      const checkout = await checkOut(checkouts)
      return checkout.kind === 'absent' ? checkout : open(checkout.folder, checkout.stamp, engine)
    },
    close: () => rmSync(checkouts, { recursive: true, force: true }),
  }
}

async function load(
  folder: string,
  stamp: string,
  engine: TemplateEngine,
  react: ReactLoader | null,
): Promise<Templates> {
  const files = openCheckedFiles(folder)
  // Without the loader, the built components are shown.
  if (engine === 'mjml' || react === null) return { files, component: () => null }
  const components = await react.load(folder, stamp)
  return { files, component: (name) => components.component(name) }
}

/** Returns a hash of the contents of a folder, 16 hex digits. */
function stampOf(folder: string): string {
  const hash = createHash('sha256')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort()) {
    const path = join(folder, name)
    if (statSync(path, { throwIfNoEntry: false })?.isFile() === true)
      hash.update(`\0${name}\0`).update(readFileSync(path))
  }
  return hash.digest('hex').slice(0, 16)
}

type Checkout =
  | { readonly kind: 'out'; readonly folder: string; readonly stamp: string }
  | { readonly kind: 'absent'; readonly reason: string }

/** Writes the templates of the last commit below `into`. */
async function checkOut(into: string): Promise<Checkout> {
  const git = async (...args: string[]) =>
    (await run('git', ['-C', PACKAGE_ROOT, ...args], { maxBuffer: GIT_BYTES_MAX })).stdout
  try {
    const commit = (await git('rev-parse', '--short=12', 'HEAD')).trim()
    const folder = join(into, commit)
    if (statSync(folder, { throwIfNoEntry: false }) === undefined) {
      const names = (await git('ls-tree', '-r', '--name-only', 'HEAD', '--', 'templates')).split('\n').filter(Boolean)
      if (names.length === 0) return { kind: 'absent', reason: 'The last commit has no templates.' }
      for (const name of names) {
        const target = join(folder, name.replace(/^templates\//, ''))
        mkdirSync(dirname(target), { recursive: true })
        writeFileSync(target, await git('show', `HEAD:./${name}`))
      }
    }
    return { kind: 'out', folder, stamp: commit }
  } catch {
    return { kind: 'absent', reason: 'There is no Git repository here, so there is no last commit to compare with.' }
  }
}
