import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from './paths.ts'

/** The file in which the build writes the commit, from the root of the package. */
export const BUILD_FILE = 'dist/build.json'

/** The source of a build. `changed`: files differed from the commit. */
export interface BuildInfo {
  readonly commit: string | null
  readonly changed: boolean
}

/** Returns the version, and the commit if the build knew it: `0.1.0 (commit 8c2c1a3f0a2b)`. */
export function describeBuild(root = PACKAGE_ROOT): string {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string }
  const { commit, changed } = readBuild(root)
  return commit === null ? version : `${version} (commit ${commit}${changed ? ', with changes' : ''})`
}

/** Without the file, the program was built from a source without git, or only for tests. */
function readBuild(root: string): BuildInfo {
  try {
    return JSON.parse(readFileSync(join(root, BUILD_FILE), 'utf8')) as BuildInfo
  } catch {
    return { commit: null, changed: false }
  }
}
