import type { DnsResolver, Lookup, MailExchange } from '../../../src/doctor/resolver.ts'

/** What DNS answers, by name; a name that is not there does not exist. */
export interface Zone {
  readonly txt?: Readonly<Record<string, readonly string[]>>
  readonly mx?: Readonly<Record<string, readonly MailExchange[]>>
  readonly addresses?: Readonly<Record<string, readonly string[]>>
  readonly reverse?: Readonly<Record<string, readonly string[]>>
  /** Names about which no server answers. */
  readonly silent?: readonly string[]
}

/** A resolver that reads a table instead of the network. */
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
