import { shownCell } from './cells.ts'
import { FIELDS, type Field, isField } from './columns.ts'
import type { ProgramFormat } from './formats/program-format.ts'
import { nearest } from './nearest.ts'

/** An operator's choices for single columns, as typed. */
export interface ColumnChoices {
  /** `COLUMN=FIELD` */
  readonly map: readonly string[]
  readonly ignore: readonly string[]
}

export const NO_CHOICES: ColumnChoices = { map: [], ignore: [] }

export interface ReadChoices {
  /** Field by column name in lower case. */
  readonly fields: ReadonlyMap<string, Field>
  readonly ignored: ReadonlySet<string>
  readonly faults: readonly string[]
}

/** Checks the choices against the columns of a file (names in lower case) and returns all errors. */
export function readChoices(
  { map, ignore }: ColumnChoices,
  keys: readonly string[],
  file: string,
  program: ProgramFormat | null,
): ReadChoices {
  const faults: string[] = []
  const fields = new Map<string, Field>()
  for (const choice of map) {
    const at = choice.lastIndexOf('=') // A column name may contain `=`, a field does not.
    const [key, field] = [
      choice.slice(0, at).trim().toLowerCase(),
      choice
        .slice(at + 1)
        .trim()
        .toLowerCase(),
    ]
    const fault =
      at < 1
        ? `--map '${shown(choice)}' is not of the form 'COLUMN=FIELD'.`
        : (columnFault('--map', key, keys, file) ?? fieldFault(choice, key, field, fields, program))
    if (fault !== null) faults.push(fault)
    else fields.set(key, field as Field)
  }
  const ignored = new Set<string>()
  for (const choice of ignore) {
    const key = choice.trim().toLowerCase()
    const fault = columnFault('--ignore', key, keys, file) ?? ignoreFault(choice, key, fields, program)
    if (fault !== null) faults.push(fault)
    else ignored.add(key)
  }
  return { fields, ignored, faults }
}

function columnFault(option: string, key: string, keys: readonly string[], file: string): string | null {
  if (key !== '' && keys.includes(key))
    return keys.indexOf(key) === keys.lastIndexOf(key) || option === '--ignore'
      ? null
      : `${option}: ${file} has the column “${shown(key)}” twice. Rename one.`
  const meant = nearest(key, keys.slice(0, COLUMNS_COMPARED_MAX))
  return `${option}: ${file} has no column “${shown(key)}”${meant === null ? '.' : `; did you mean “${shown(meant)}”?`}`
}

const COLUMNS_COMPARED_MAX = 1_000

function fieldFault(
  choice: string,
  key: string,
  field: string,
  fields: ReadonlyMap<string, Field>,
  program: ProgramFormat | null,
): string | null {
  const option = `--map '${shown(choice)}'`
  if (!isField(field)) {
    const meant = nearest(field, FIELDS)
    return `${option}: there is no field “${shown(field)}”${meant === null ? `. Fields are: ${FIELDS.join(', ')}.` : `; did you mean “${meant}”?`}`
  }
  if (fields.has(key)) return `${option}: this column is mapped twice.`
  if ([...fields.values()].includes(field)) return `${option}: another column becomes “${field}” already.`
  if (field === 'state' && program !== null)
    return `${option}: the state of a ${program.program} export is read from its own columns.`
  return null
}

/** Columns that say who must not be emailed cannot be ignored. */
function ignoreFault(
  choice: string,
  key: string,
  fields: ReadonlyMap<string, Field>,
  program: ProgramFormat | null,
): string | null {
  const option = `--ignore '${shown(choice)}'`
  if (fields.has(key)) return `${option}: this column is mapped by --map.`
  const read = program?.reads.find(([pattern]) => pattern.test(key))?.[1] ?? (key === 'state' ? 'state' : null)
  return read === 'state' ? `${option}: this column says who has unsubscribed, and must be read.` : null
}

function shown(text: string): string {
  return shownCell(text, 60)
}
