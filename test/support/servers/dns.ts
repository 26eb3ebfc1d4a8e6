import type { DnsResolver, Lookup, MailExchange } from '../../../src/doctor/resolver.ts'

/** DNS answers by name. Other names do not exist. */
export interface Zone {
  readonly txt?: Readonly<Record<string, readonly string[]>>
  readonly mx?: Readonly<Record<string, readonly MailExchange[]>>
  readonly addresses?: Readonly<Record<string, readonly string[]>>
  readonly reverse?: Readonly<Record<string, readonly string[]>>
  /** Names without an answer of any server. */
  readonly silent?: readonly string[]
}

/** Creates a resolver that reads a table instead of the network. */
export function resolverFor(zone: Zone): DnsResolver {
  const ask = async <T>(
    table: Readonly<Record<string, readonly T[]>> | undefined,
    name: string,
  ): Promise<Lookup<T>> => {
    if (zone.silent?.includes(name)) return { kind: 'failed', reason: 'ETIMEOUT' }
    const records = table?.[name]
    return records === undefined ? { kind: 'none' } : { kind: 'found', records }
  }
  return {
    txt: (name) => ask(zone.txt, name),
    mx: (name) => ask(zone.mx, name),
    addresses: (name) => ask(zone.addresses, name),
    reverse: (address) => ask(zone.reverse, address),
  }
}
