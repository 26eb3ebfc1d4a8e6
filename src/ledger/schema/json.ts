import type { ColumnType } from 'kysely'

export type Json<T> = ColumnType<T, string, string>
