import { INBOUND_STATEMENTS_MAX, INBOUND_WORDS_CHARS_MAX } from '../../../config/limits-inbound.ts'
import { readFields } from './head.ts'

/** A block of `Name: value` lines by lower-case name. The values of a repeated name are joined. */
export type FieldGroup = ReadonlyMap<string, string>

/** Returns the groups of a delivery status (RFC 3464 §2.1, RFC 6533) or a feedback report (RFC 5965), in order. */
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

/** Returns the groups about a recipient. Some gateways write them into one group with the fields of the message. */
export function recipientGroups(text: string): FieldGroup[] {
  return fieldGroups(text)
    .filter((group) => ['action', 'status', 'diagnostic-code', 'final-recipient'].some((name) => group.has(name)))
    .slice(0, INBOUND_STATEMENTS_MAX)
}
