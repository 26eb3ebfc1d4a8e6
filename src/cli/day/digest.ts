import { accessSync, constants } from 'node:fs'
import { join } from 'node:path'
import { outboxTransport } from '../../mail/outbox.ts'
import { composeView } from '../../pipeline/look/compose-view.ts'
import { subscriberReader } from '../../pipeline/look/readers.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { makeFolder } from '../../platform/files.ts'
import { writePrivate } from '../../platform/private-file.ts'
import { counted } from '../../text/counted.ts'
import { addressOption, type CommandContext, dayOption, withApp } from '../context.ts'

/** `digest`: composes one subscriber's digest with the same code as for sending, and sends nothing. */
export async function showDigest(
  options: { to: string; date?: string; out?: string },
  context: CommandContext,
): Promise<number> {
  const day = dayOption(options.date, context.config(), context.clock)
  const { key } = addressOption(options.to)
  if (options.out !== undefined) makeOut(options.out)
  return withApp(context, async (app) => {
    const { terminal } = context
    const { ledger } = app
    const subscriber = await ledger.subscribers.findSubscriber(key)
    if (subscriber === null) {
      terminal.err(
        `There is no subscriber ${options.to}. Add one with: paperround subscribers add ${options.to} --consent-note "…"`,
      )
      return 1
    }
    const edition = await ledger.editions.readEdition(day)
    if (edition === null || edition.entries.length === 0) {
      terminal.err(`There is no edition of ${day}. Create it with: paperround publish --date ${day}`)
      return 1
    }
    const learned = (await ledger.subscribers.readFeedbackProfile(subscriber.id))?.learned ?? null
    const { composer, clock } = app
    const viewing = { composer, editions: ledger.editions, reports: ledger.reports, clock }
    const view = await composeView(day, subscriberReader(subscriber, learned), viewing)
    if (view.kind === 'none') {
      terminal.out(`No digest for ${subscriber.email} on ${day}: ${view.why}.`)
      return 0
    }
    const { message, paperIds } = view
    if (options.out === undefined) {
      terminal.out(`Subject: ${message.subject}\n\n${message.text}`)
      return 0
    }
    writeOut(options.out, 'digest.html', message.html)
    writeOut(options.out, 'digest.txt', message.text)
    await outboxTransport({ dir: options.out }).send({ key: 'digest', messages: [message] })
    terminal.out(
      `${message.subject}\n${counted(paperIds.length, 'paper')}, ${Buffer.byteLength(message.html)} bytes of HTML. Written to ${options.out}: digest.html, digest.txt and ${message.id}.eml.`,
    )
    return 0
  })
}

/** Writes a file that only the owner may read, because a digest contains the subscriber's links. */
function writeOut(dir: string, name: string, text: string): void {
  try {
    writePrivate(join(dir, name), text)
  } catch (error) {
    throw new UserError(`${join(dir, name)} cannot be written: ${(error as Error).message}.`)
  }
}

/** Creates the folder of `--out`. Throws a UserError (exit 2) if it cannot be written to. */
function makeOut(path: string): void {
  try {
    makeFolder(path, 0o700)
    accessSync(path, constants.W_OK)
  } catch (error) {
    throw usageError(`--out ${path} cannot be written to: ${(error as Error).message}. Name another folder.`)
  }
}
