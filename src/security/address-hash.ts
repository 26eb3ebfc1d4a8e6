import { checkAddress } from '../domain/subscriber.ts'
import type { Tokens } from './tokens.ts'

/** Returns the keyed hash that suppressions store, or null for an invalid address, such as an erased one. */
export type HashOf = (address: string) => string | null

export function addressHasher(tokens: Pick<Tokens, 'hashAddress'>): HashOf {
  return (address) => {
    const checked = checkAddress(address)
    return checked.ok ? tokens.hashAddress(checked.key) : null
  }
}
