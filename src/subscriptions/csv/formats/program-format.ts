/** Returns the cell of a column, by its name in lower case; undefined where the file has no such column. */
export type CellOf = (column: string) => string | undefined

/** The fields of ours that a column of another program fills. */
export type ProgramField = 'email' | 'state' | 'consent' | 'timezone'

/** How the export of one program is recognised and read. All names of columns are in lower case. */
export interface ProgramFormat {
  /** The name that the operator reads. */
  readonly program: string
  /** The file must have one column of each of these groups. */
  readonly required: readonly (readonly string[])[]
  /** The columns that are read. All others are left out. */
  readonly reads: readonly (readonly [RegExp, ProgramField])[]
  readonly email: (cell: CellOf) => string
  /** A cell for `readState`. `file` is the name of the file, without its folder. */
  readonly state: (cell: CellOf, file: string) => string
  /** When and where the subscriber signed up; empty where the line does not say it. */
  readonly consent: (cell: CellOf) => string
  /** A warning about this program’s exports. */
  readonly caution?: string
}
