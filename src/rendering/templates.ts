import type { ComponentType } from 'react'
import type { TemplateFiles } from './mjml.ts'

/** Templates other than the program's own: what the preview looks at while they are being written. */
export interface Templates {
  readonly files: TemplateFiles
  /** The React form of one folder, or null: the program's own is used. */
  component(name: string): MailComponent | null
}

/** A React template. Each has a view of its own kind, which whoever renders it knows. */
// biome-ignore lint/suspicious/noExplicitAny: a component's props are contravariant; one table holds all kinds.
export type MailComponent = ComponentType<{ readonly view: any }>
