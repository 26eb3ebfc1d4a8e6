import { mkdtemp, rm, truncate, utimes, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'
import { SOURCE_FILE_BYTES_MAX } from '../../config/limits-sources.ts'
import { day } from '../../src/domain/day.ts'
import { fileSource } from '../../src/sources/file.ts'

const NOW = new Date('2026-11-24T06:00:00Z')
let folder = ''
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-file-'))
})
afterEach(() => rm(folder, { recursive: true }))

const read = (path: string) => fileSource({ path, clock: () => NOW }).read(day('2026-11-24'))

async function fileOf(content: string): Promise<string> {
  const path = join(folder, 'day.json')
  await writeFile(path, content)
  return path
}

describe('a file of papers', () => {
  it('returns the papers for any day, with votes as old as the file', async () => {
    const path = await fileOf('\ufeff[{"paper":{"id":"2510.11696","title":"T","upvotes":7}}]')
    const written = new Date('2026-11-20T08:40:00Z')
    await utimes(path, written, written)
    expect(await read(path)).toMatchObject({
      kind: 'listed',
      observedAt: written,
      listings: [{ signals: { upvotes: 7 } }],
    })
  })

  it('has no votes from the future for any date', async () => {
    const path = await fileOf('[{"paper":{"id":"2510.11696","title":"T"}}]')
    await utimes(path, new Date('2030-01-01'), new Date('2030-01-01'))
    expect(await read(path)).toMatchObject({ kind: 'listed', observedAt: NOW })
  })

  it.each([
    ['{"a":', /day\.json is not JSON\. It must contain/],
    ['', /day\.json is not JSON\./],
    ['{"papers":[]}', /day\.json contains JSON that is not a list\./],
    ['[]', /day\.json contains an empty list\./],
    ['[{"paper":{"id":"2510.11696"}}]', /day\.json has no usable paper: item 1 \(2510\.11696\): title is missing\./],
  ])('that holds %j fails with its path and what to do', async (content, reason) => {
    expect(await read(await fileOf(content))).toMatchObject({ kind: 'failed', reason: expect.stringMatching(reason) })
  })

  it('that does not exist, is a folder or is huge is named too', async () => {
    const missing = join(folder, 'none.json')
    expect(await read(missing)).toEqual({
      kind: 'failed',
      reason: `${missing} does not exist. Check the path after --source file:`,
    })
    expect(await read(folder)).toEqual({
      kind: 'failed',
      reason: `${folder} is a folder. Name one JSON file after --source file:`,
    })
    const huge = await fileOf('[]')
    await truncate(huge, SOURCE_FILE_BYTES_MAX + 1)
    expect(await read(huge)).toEqual({ kind: 'failed', reason: `${huge} is larger than 20 MB. Split it by day.` })
  })
})
