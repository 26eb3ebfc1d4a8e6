/** A text without addresses: what is kept of mail servers and operators outlives the erasure of a subscriber. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>@"';:,()]+@[^\s<>@"';:,()]+/g, '(address)')
}
