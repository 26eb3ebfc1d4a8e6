/** A fault of one call. `after`: the messages were accepted before, and the key is stored. */
export type ResendFault = { readonly when: 'before' | 'after'; readonly path?: string } & (
  | {
      readonly kind: 'status'
      readonly status: number
      readonly name?: string
      readonly message?: string
      readonly headers?: Record<string, string>
    }
  | { readonly kind: 'cut' | 'hang' | 'garbage' }
  /** Validates strictly, even for a permissive call: one bad message rejects all. */
  | { readonly kind: 'strict' }
  /** The right answer, late. With `before` the messages are accepted late too, even when the caller has gone. */
  | { readonly kind: 'slow'; readonly ms: number }
  | {
      readonly kind: 'answer'
      readonly status: number
      readonly body: unknown
      readonly headers?: Record<string, string>
    }
)

/** Returns one fault of each kind for calls to `path`, before and after the messages were accepted. */
export function everyFault(path: string): ResendFault[] {
  return [
    { when: 'after', kind: 'cut', path },
    { when: 'before', kind: 'cut', path },
    { when: 'after', kind: 'status', status: 500, name: 'internal_server_error', path },
    { when: 'before', kind: 'status', status: 500, name: 'internal_server_error', path },
    { when: 'after', kind: 'garbage', path },
    { when: 'before', kind: 'status', status: 429, name: 'rate_limit_exceeded', headers: { 'retry-after': '1' }, path },
  ]
}
