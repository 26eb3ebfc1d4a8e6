import type { ComponentType } from 'react'
import type { TemplateFiles } from './mjml.ts'

/** Templates that replace the program's own, for the preview. */
export interface Templates {
  readonly files: TemplateFiles
  /** The React template of one folder, or null for the program's own. */
  component(name: string): MailComponent | null
}

/** A React template. Each has its own type of view. */
// biome-ignore lint/suspicious/noExplicitAny: a component's props are contravariant; one table holds all kinds.
export type MailComponent = ComponentType<{ readonly view: any }>
