/** A text without addresses: stored words of mail servers, providers and operators outlive the erasure of a subscriber. */
export function withoutAddresses(text: string): string {
  return text.replace(/[^\s<>@"';:,()]+@[^\s<>@"';:,()]+/g, '(address)')
}
