import { execFileSync } from 'node:child_process'
import { realpathSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { BUILD_FILE, type BuildInfo } from '../platform/build-info.ts'
import { PACKAGE_ROOT } from '../platform/paths.ts'

// `npm run build` runs this file, so that `--version` names the commit. A build without git, such as an image, passes the commit.

function git(...args: string[]): string | null {
  try {
    return execFileSync('git', args, { cwd: PACKAGE_ROOT, stdio: ['ignore', 'pipe', 'ignore'] })
      .toString()
      .trim()
  } catch {
    return null
  }
}

/** Unpacked inside another repository, the package must not name the commit of that repository. */
function isOwnRepository(): boolean {
  const top = git('rev-parse', '--show-toplevel')
  return top !== null && realpathSync(top) === realpathSync(PACKAGE_ROOT)
}

function infoOf(): BuildInfo {
  const given = process.argv[2] ?? ''
  if (/^[0-9a-f]{7,64}$/.test(given)) return { commit: given.slice(0, 12), changed: false }
  if (!isOwnRepository()) return { commit: null, changed: false }
  const changes = git('status', '--porcelain', '--untracked-files=no') ?? ''
  return { commit: git('rev-parse', '--short=12', 'HEAD'), changed: changes !== '' }
}

writeFileSync(join(PACKAGE_ROOT, BUILD_FILE), `${JSON.stringify(infoOf())}\n`)
