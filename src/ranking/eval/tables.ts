import { readFile } from 'node:fs/promises'
import { usageError } from '../../platform/errors.ts'

/** Returns the rows after the header, split at commas. These tables have no quoted cells. */
export async function readTable(path: string, isRequired: boolean): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!isRequired && error.code === 'ENOENT') return ''
    throw usageError(`${path} cannot be read (${error.code}).`)
  })
  return text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()))
}
