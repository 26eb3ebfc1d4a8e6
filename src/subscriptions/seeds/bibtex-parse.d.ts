declare module 'bibtex-parse' {
  export interface BibtexPart {
    readonly datatype: string
    readonly value: unknown
  }
  export type BibtexItem =
    | {
        readonly itemtype: 'entry'
        readonly key: string
        readonly type: string
        readonly fields: readonly (BibtexPart & { readonly name: string })[]
      }
    | ({ readonly itemtype: 'string'; readonly name: string } & BibtexPart)
    | { readonly itemtype: 'preamble' | 'comment' }
  /** Throws for text that is not BibTeX. */
  export function parse(bibtex: string): readonly BibtexItem[]
}
