/** Returns the cell of a column by its lower-case name; undefined when the file has no such column. */
export type CellOf = (column: string) => string | undefined

/** The fields that a column of another program can fill. */
export type ProgramField = 'email' | 'state' | 'consent' | 'timezone'

/** How to recognise and read the export of one program. All column names are in lower case. */
export interface ProgramFormat {
  /** Display name. */
  readonly program: string
  /** The file must have one column of each of these groups. */
  readonly required: readonly (readonly string[])[]
  /** The columns that are read. All others are ignored. */
  readonly reads: readonly (readonly [RegExp, ProgramField])[]
  readonly email: (cell: CellOf) => string
  /** Returns a cell for `readState`. `file` is the file name without its folder. */
  readonly state: (cell: CellOf, file: string) => string
  /** Returns when and where the subscriber signed up; empty if unknown. */
  readonly consent: (cell: CellOf) => string
  /** A warning about this program’s exports. */
  readonly caution?: string
}
