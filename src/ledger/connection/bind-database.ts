import type { Database } from '../schema/database.ts'
import { retryWhileUnavailable } from './reconnecting-pool.ts'

/**
 * Binds functions of the ledger to a database, which is their first parameter. They are passed as the namespaces of their files
 * (`{ ...claim, ...settle }`), so that an editor goes from a call of the store straight to the function. Other exports are left
 * out.
 *
 * A function named in `retried` is called again if the connection is lost during the call. It must be safe to repeat, because
 * the lost call may have succeeded.
 */
export function bindDatabase<F extends object>(
  db: Database,
  functions: F,
  { retried = [] }: { readonly retried?: readonly QueryName<F>[] } = {},
): Store<F, QueryName<F>> {
  const bound = Object.entries(functions)
    .filter(([, query]) => typeof query === 'function')
    .map(([name, query]) => {
      const call = (...options: unknown[]) => query(db, ...options)
      return [
        name,
        isIn(retried, name) ? (...options: unknown[]) => retryWhileUnavailable(() => call(...options)) : call,
      ]
    })
  return Object.fromEntries(bound)
}

function isIn(names: readonly PropertyKey[], name: string): boolean {
  return names.includes(name)
}

/** The names of the exports that take a database first. */
type QueryName<F> = { [K in keyof F]: F[K] extends (db: Database, ...options: never[]) => unknown ? K : never }[keyof F]

/** Maps over the names of `F`, so that each method has the declaration and the docstring of its function. */
type Store<F, N extends keyof F> = { readonly [K in N]: Bound<F[K]> }

type Bound<Q> = Q extends (db: Database, ...options: infer Options) => infer Result
  ? (...options: Options) => Result
  : never
