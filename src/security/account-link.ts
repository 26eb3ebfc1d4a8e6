import { randomBytes } from 'node:crypto'
import type { Tokens } from './tokens.ts'

/** Returns the id of a new one-time link. The ledger stores it. The link itself also needs SECRET. */
export function createLinkId(): string {
  return randomBytes(18).toString('base64url')
}

/** Returns the address where an operator sets a password. */
export function accountLinkUrl(linkId: string, { tokens, publicUrl }: { tokens: Tokens; publicUrl: string }): string {
  return `${publicUrl.replace(/\/+$/, '')}/admin/invitation/${tokens.sign('operator', linkId)}`
}
