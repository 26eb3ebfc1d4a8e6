import { rmSync } from 'node:fs'

/** Removes the folder that the set-up made on the memory disk. */
export default function tearDown() {
  const folder = process.env.TMPDIR ?? ''
  if (folder.includes('/paperround-tests-')) rmSync(folder, { recursive: true, force: true })
}
