/** The address of a PostgreSQL: a URL, or the data folder of an embedded one, whose owner announces where it is served. */
export type DatabaseAddress =
  | { readonly kind: 'url'; readonly url: string }
  | { readonly kind: 'embedded'; readonly dataDir: string }
