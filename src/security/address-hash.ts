import { checkAddress } from '../domain/subscriber.ts'
import type { Tokens } from './tokens.ts'

/** The keyed hash under which an address is suppressed, or null for what is no address (such as one that was erased). */
export type HashOf = (address: string) => string | null

export function addressHasher(tokens: Pick<Tokens, 'hashAddress'>): HashOf {
  return (address) => {
    const checked = checkAddress(address)
    return checked.ok ? tokens.hashAddress(checked.key) : null
  }
}
