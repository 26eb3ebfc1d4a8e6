/** Removes addresses from a text, because stored words of servers and operators outlive the erasure of a subscriber. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>@"';:,()]+@[^\s<>@"';:,()]+/g, '(address)')
}
