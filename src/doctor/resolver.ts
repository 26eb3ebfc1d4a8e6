import { Resolver } from 'node:dns/promises'
import { DNS_ATTEMPTS_MAX, DNS_TIMEOUT_MS } from '../../config/limits-processes.ts'

/** `none`: the name or the record does not exist. `failed`: nobody could say. */
export type Lookup<T> =
  | { readonly kind: 'found'; readonly records: readonly T[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'failed'; readonly reason: string }

export interface MailExchange {
  readonly exchange: string
  readonly priority: number
}

/** The DNS queries of the checks. Tests answer them from a table. */
export interface DnsResolver {
  /** Each record whole, its strings joined (RFC 7208 §3.3). */
  txt(name: string): Promise<Lookup<string>>
  mx(name: string): Promise<Lookup<MailExchange>>
  /** IPv4 and IPv6. */
  addresses(name: string): Promise<Lookup<string>>
  /** Names of an address. */
  reverse(address: string): Promise<Lookup<string>>
}

/** The machine's own DNS, every question bounded in time. */
export function systemResolver(): DnsResolver {
  const resolver = new Resolver({ timeout: DNS_TIMEOUT_MS, tries: DNS_ATTEMPTS_MAX })
  return {
    txt: async (name) => lookup(async () => (await resolver.resolveTxt(name)).map((strings) => strings.join(''))),
    mx: (name) => lookup(() => resolver.resolveMx(name)),
    addresses: (name) =>
      lookup(async () => {
        const [four, six] = await Promise.allSettled([resolver.resolve4(name), resolver.resolve6(name)])
        const found = [four, six].flatMap((each) => (each.status === 'fulfilled' ? each.value : []))
        if (found.length === 0 && four.status === 'rejected') throw four.reason
        return found
      }),
    reverse: (address) => lookup(() => resolver.reverse(address)),
  }
}

async function lookup<T>(ask: () => Promise<T[]>): Promise<Lookup<T>> {
  try {
    const records = await ask()
    return records.length === 0 ? { kind: 'none' } : { kind: 'found', records }
  } catch (fault) {
    const code = String((fault as NodeJS.ErrnoException).code ?? 'an unknown error')
    return code === 'ENOTFOUND' || code === 'ENODATA' ? { kind: 'none' } : { kind: 'failed', reason: code }
  }
}
