import { readFile, stat } from 'node:fs/promises'
import { SOURCE_FILE_BYTES_MAX } from '../../config/limits-sources.ts'
import type { Clock } from '../platform/clock.ts'
import { decodeText } from '../text/decode.ts'
import { parseDailyPapers } from './daily-papers.ts'
import { parseJson } from './http/answer-bounds.ts'
import type { Source, SourceAnswer } from './source.ts'

const FORMAT = 'It must contain a JSON list in the format of Hugging Face’s daily_papers API.'

/**
 * Reads papers from a file in the format of Hugging Face's `daily_papers` API, for any day. `observedAt` is the time of the
 * file's last change, because the votes were read when it was written, but never later than now.
 */
export function fileSource({ path, clock }: { readonly path: string; readonly clock: Clock }): Source {
  return {
    name: 'file',
    async read() {
      const file = await contentOf(path)
      if (typeof file === 'string') return failed(file)
      const parsed = parseJson(file.text)
      if (!parsed.ok) return failed(`${path} ${parsed.fault}. ${FORMAT}`)
      const { json } = parsed
      if (!Array.isArray(json)) return failed(`${path} contains JSON that is not a list. ${FORMAT}`)
      if (json.length === 0) return failed(`${path} contains an empty list. ${FORMAT}`)
      const { listings, dropped } = parseDailyPapers(json)
      if (listings.length === 0) return failed(`${path} has no usable paper: ${dropped.reasons[0]}. ${FORMAT}`)
      const observedAt = new Date(Math.min(file.updatedAt.getTime(), clock().getTime()))
      return { kind: 'listed', listings, dropped, observedAt }
    },
  }
}

async function contentOf(path: string): Promise<{ text: string; updatedAt: Date } | string> {
  try {
    const { size, mtime } = await stat(path)
    if (size > SOURCE_FILE_BYTES_MAX) {
      return `${path} is larger than ${SOURCE_FILE_BYTES_MAX / 1024 / 1024} MB. Split it by day.`
    }
    return { text: decodeText(await readFile(path)), updatedAt: mtime }
  } catch (error) {
    const { code = '' } = error as NodeJS.ErrnoException
    if (code === 'ENOENT') return `${path} does not exist. Check the path after --source file:`
    if (code === 'EISDIR') return `${path} is a folder. Name one JSON file after --source file:`
    return `${path} cannot be read (${code || String(error)}). Check that this user may read it.`
  }
}

function failed(reason: string): SourceAnswer {
  return { kind: 'failed', reason }
}
