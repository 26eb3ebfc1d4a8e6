import type { Message } from '../../mail/transport.ts'
import type { Check } from './check.ts'
import { type Compatibility, checkClients, clientCheck } from './clients.ts'
import { checkLinks } from './links.ts'
import { checkSize } from './size.ts'
import { checkStructure } from './structure.ts'
import { checkText } from './text.ts'
import { checkUnsubscribe } from './unsubscribe.ts'

/** Runs every check that needs no browser, no other program and no network. Without a choice, it checks all mail programs. */
export async function checkMessage(
  message: Message,
  publicUrl: string,
  chosenClients?: readonly string[],
): Promise<{ readonly checks: readonly Check[]; readonly clients: Compatibility }> {
  const clients = await checkClients(message, chosenClients)
  return {
    checks: [
      checkSize(message),
      checkLinks(message, publicUrl),
      checkStructure(message),
      checkUnsubscribe(message),
      checkText(message, publicUrl),
      clientCheck(clients),
    ],
    clients,
  }
}
