import type { Config } from '../../config/config.ts'
import type { Verp } from '../../src/mail/verp.ts'
import type { Sender } from '../../src/pipeline/compose/message.ts'
import type { Brand } from '../../src/rendering/digest/props.ts'

/** The words that stand on every mail and page of this installation. */
export function brandOf(config: Config): Brand {
  return {
    name: config.mail.from.name ?? 'Paperround',
    publicUrl: config.publicUrl,
    postalAddress: config.mail.postalAddress,
  }
}

/** Who sends, as every letter says it. */
export function senderOf(config: Config, verp: Verp): Sender {
  const { from, replyTo, listId, unsubscribeMailbox } = config.mail
  return { from, replyTo, listId, listName: from.name ?? 'Paperround', unsubscribeMailbox, verp }
}
