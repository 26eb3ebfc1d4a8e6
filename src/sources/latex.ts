/** LaTeX → readable Unicode. */
export function readable(text: string): string {
  return text
}
