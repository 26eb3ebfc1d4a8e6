import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll } from '@jest/globals'
import { runHere } from './command.ts'
import { holdEmbedded } from './servers/embedded.ts'

/** Opens a folder with an embedded database for the tests of one file. `paperround` runs a command there. */
export async function openCommandFolder(prefix: string) {
  const dir = mkdtempSync(join(tmpdir(), prefix))
  const held = await holdEmbedded(join(dir, '.paperround'))
  afterAll(async () => {
    await held?.close()
    rmSync(dir, { recursive: true, force: true })
  })
  const paperround = (args: string, env: Record<string, string> = {}) =>
    runHere(args.split(' '), { LOG_LEVEL: 'silent', ...env }, dir)
  return { dir, paperround }
}
