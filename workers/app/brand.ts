import type { Config } from '../../config/config.ts'
import type { Verp } from '../../src/mail/verp.ts'
import type { Sender } from '../../src/pipeline/compose/message.ts'
import type { Brand } from '../../src/rendering/digest/props.ts'

/** Returns the name and addresses that every message and page of this installation shows. */
export function brandOf(config: Config): Brand {
  return {
    name: config.mail.from.name ?? 'Paperround',
    publicUrl: config.publicUrl,
    postalAddress: config.mail.postalAddress,
  }
}

/** Returns the sender of every message. */
export function senderOf(config: Config, verp: Verp): Sender {
  const { from, replyTo, listId, unsubscribeMailbox } = config.mail
  return { from, replyTo, listId, listName: from.name ?? 'Paperround', unsubscribeMailbox, verp }
}
