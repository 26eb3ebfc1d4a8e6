import { openLook } from '../../../workers/app/look/open-look.ts'
import { commandLine } from '../../domain/actor.ts'
import { TRANSPORT_NAMES, type TransportName } from '../../mail/transport.ts'
import { type DigestReader, PERSONAS, personaReader } from '../../pipeline/look/readers.ts'
import { usageError } from '../../platform/errors.ts'
import { addressOption, type CommandContext, dayOption, withApp } from '../context.ts'

/** `test-send`: sends one digest of an edition to one address, marked as a test. It is no delivery. */
export async function sendTest(
  options: { to: string; date?: string; as?: string; transport?: string },
  context: CommandContext,
): Promise<number> {
  const config = context.config()
  const asked = dayOption(options.date, config, context.clock)
  const { email } = addressOption(options.to)
  const transport = transportOption(options.transport, config.mail.transports)
  return withApp(context, async (app) => {
    const { terminal } = context
    // Before the day's edition is published, the newest one can be tested.
    const day = (options.date === undefined ? await app.ledger.editions.readNewestDay() : null) ?? asked
    const look = openLook(app)
    const persona = PERSONAS.find(({ id }) => id === (options.as ?? PERSONAS[0].id))
    const reader: DigestReader | null =
      persona === undefined ? await look.findReader(options.as ?? '') : personaReader(persona, [], day)
    if (reader === null) {
      terminal.err(
        `There is no subscriber ${options.as}. --as takes an address, a number, or one of: ${PERSONAS.map(({ id }) => id).join(', ')}.`,
      )
      return 1
    }
    const result = await look.testSend({
      to: email,
      day,
      reader,
      actor: commandLine(context.environment),
      ...(transport === undefined ? {} : { transport }),
    })
    if (result.kind === 'accepted') {
      terminal.out(`${result.words} It is the digest of ${day} for: ${reader.name}.`)
      return 0
    }
    terminal.err(result.words)
    return 1
  })
}

function transportOption(text: string | undefined, configured: readonly TransportName[]): TransportName | undefined {
  if (text === undefined) return undefined
  const name = TRANSPORT_NAMES.find((each) => each === text)
  if (name === undefined)
    throw usageError(`--transport ${text} is not a transport. It is one of: ${TRANSPORT_NAMES.join(', ')}.`)
  if (!configured.includes(name))
    throw usageError(`--transport ${name} is not configured. MAIL_TRANSPORT names: ${configured.join(', ')}.`)
  return name
}
