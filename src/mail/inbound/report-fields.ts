import { INBOUND_STATEMENTS_MAX, INBOUND_WORDS_CHARS_MAX } from '../../../config/limits.ts'
import { readFields } from './head.ts'

/** A block of `Name: value` lines; names in lower case, a name that comes twice is put together. */
export type FieldGroup = ReadonlyMap<string, string>

/** The groups of a delivery status (RFC 3464 §2.1, RFC 6533) or of a feedback report (RFC 5965), in their order. */
export function fieldGroups(text: string): FieldGroup[] {
  return text
    .slice(0, INBOUND_WORDS_CHARS_MAX)
    .replace(/\r\n?/g, '\n')
    .split(/\n[ \t]*\n/)
    .map((block) => {
      const group = new Map<string, string>()
      for (const { name, value } of readFields(block)) {
        const before = group.get(name)
        group.set(name, before === undefined ? value : `${before} ${value}`)
      }
      return group
    })
    .filter((group) => group.size > 0)
}

/** The groups that are about a recipient; some gateways write them and what concerns the message into one. */
export function recipientGroups(text: string): FieldGroup[] {
  return fieldGroups(text)
    .filter((group) => ['action', 'status', 'diagnostic-code', 'final-recipient'].some((name) => group.has(name)))
    .slice(0, INBOUND_STATEMENTS_MAX)
}
