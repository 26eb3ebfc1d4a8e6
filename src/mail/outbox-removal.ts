import { open, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'

const INDEX = 'index.jsonl'

/**
 * Removes messages from the outbox in `dir`, with their drafts and their lines in the index. Lines are overwritten with
 * blanks in place, because rewriting the index would lose what other processes append meanwhile.
 */
export async function deleteOutboxMessages(dir: string, messageIds: readonly string[]): Promise<void> {
  if (messageIds.length === 0) return
  const files = new Set(messageIds.map((id) => `${id}.eml`))
  const names: string[] = await readdir(dir).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [] // This installation never wrote to an outbox.
    throw error
  })
  for (const name of names)
    if (files.has(name.replace(/(\.eml)\..*\.tmp$/, '$1'))) await rm(join(dir, name), { force: true })
  if (names.includes(INDEX)) await blankLines(join(dir, INDEX), files)
}

async function blankLines(path: string, files: ReadonlySet<string>): Promise<void> {
  const index = await open(path, 'r+')
  try {
    let at = 0
    const spans: { readonly at: number; readonly bytes: number }[] = []
    for await (const line of index.readLines({ autoClose: false, start: 0 })) {
      const bytes = Buffer.byteLength(line)
      if (files.has(fileOf(line))) spans.push({ at, bytes })
      at += bytes + 1
    }
    for (const span of spans) await index.write(Buffer.alloc(span.bytes, ' '), 0, span.bytes, span.at)
    await index.sync()
  } finally {
    await index.close()
  }
}

/** Returns the file that a line of the index names, or an empty text when the line was cut or blanked. */
function fileOf(line: string): string {
  return /^\{"file":"([^"]+)"/.exec(line)?.[1] ?? ''
}
