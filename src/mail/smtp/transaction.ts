import { piecesOf } from './content.ts'
import type { Dialogue } from './dialogue.ts'
import { SmtpError } from './failure.ts'
import type { SmtpReply } from './reply-reader.ts'

export interface SmtpEnvelope {
  readonly from: string
  readonly to: string
}

/** The extensions of a server that change how a message is sent. */
export interface SmtpExtensions {
  /** RFC 2920 */
  readonly pipelining: boolean
  /** RFC 6531 */
  readonly smtpUtf8: boolean
}

/** How far a message came, for the outcome of a lost connection. */
export interface Progress {
  /** Whether the server has asked for the content. */
  begun: boolean
  /** True from before the final dot is passed to the socket. */
  handedOver: boolean
}

interface Command {
  readonly name: 'RSET' | 'MAIL FROM' | 'RCPT TO' | 'DATA'
  readonly line: string
}

export interface Transaction {
  readonly envelope: SmtpEnvelope
  readonly mime: Buffer
  /** Whether the transaction before was rejected. Then this one begins with RSET (RFC 5321 §4.1.1.5). */
  readonly reset: boolean
  readonly progress: Progress
}

/**
 * Sends one message over an open, signed-in connection and returns the server’s reply to it.
 * @throws SmtpError with the command and the reply; else the failure of the dialogue.
 */
export async function transact(
  dialogue: Dialogue,
  extensions: SmtpExtensions,
  { envelope, mime, reset, progress }: Transaction,
): Promise<string> {
  const commands = commandsOf(envelope, extensions, reset)
  await sendCommands(dialogue, commands, extensions.pipelining)
  const reply = await sendContent(dialogue, piecesOf(mime), progress)
  if (isPositive(reply)) return reply.text
  throw new SmtpError('Message failed', reply.code < 400 ? 'EPROTOCOL' : 'EMESSAGE', 'DATA', reply)
}

function commandsOf({ from, to }: SmtpEnvelope, { smtpUtf8 }: SmtpExtensions, reset: boolean): Command[] {
  // An address with a line break would add a command.
  if (BREAKS.test(from)) throw new SmtpError(`Invalid sender ${JSON.stringify(from)}`, 'EENVELOPE')
  if (to === '' || BREAKS.test(to)) throw new SmtpError(`Invalid recipient ${JSON.stringify(to)}`, 'EENVELOPE')
  const utf8 = smtpUtf8 && NOT_ASCII.test(from + to) ? ' SMTPUTF8' : ''
  return [
    ...(reset ? [{ name: 'RSET', line: 'RSET\r\n' } as const] : []),
    { name: 'MAIL FROM', line: `MAIL FROM:<${from}>${utf8}\r\n` },
    { name: 'RCPT TO', line: `RCPT TO:<${to}>\r\n` },
    { name: 'DATA', line: 'DATA\r\n' },
  ]
}

const BREAKS = /[\r\n<>]/
const NOT_ASCII = /[^\0-\x7f]/

/**
 * Sends the commands, all at once with PIPELINING, and returns when the server asks for the content. With PIPELINING the
 * reply to each is read, and the first rejection counts (RFC 2920 §3.1).
 */
async function sendCommands(dialogue: Dialogue, commands: readonly Command[], pipelining: boolean): Promise<void> {
  if (pipelining) dialogue.send(commands.map(({ line }) => line).join(''))
  let rejection: SmtpError | null = null
  for (const command of commands) {
    if (!pipelining) dialogue.send(command.line)
    const reply = await replyUnless(dialogue, rejection)
    if (rejection !== null && command.name === 'DATA' && reply.code < 400) await endEmpty(dialogue, reply, rejection)
    if (!isAccepted(command, reply, pipelining)) rejection ??= rejectionOf(command, reply)
    // After 421 no reply comes.
    if (rejection !== null && (!pipelining || reply.code === 421)) throw rejection
  }
  if (rejection !== null) throw rejection
}

/** With PIPELINING a 250 in the place of 354 is the reply to another command. Some old servers without it do answer 250. */
function isAccepted({ name }: Command, reply: SmtpReply, pipelining: boolean): boolean {
  return name === 'DATA' ? isGoAhead(reply) || (isPositive(reply) && !pipelining) : isPositive(reply)
}

/** Returns the next reply. If none comes, a rejection that was read before is the better reason. */
async function replyUnless(dialogue: Dialogue, rejection: SmtpError | null): Promise<SmtpReply> {
  try {
    return await dialogue.reply()
  } catch (failure) {
    throw rejection ?? failure
  }
}

/**
 * Ends a message that the server asked for although it has rejected the recipient: with the final dot, which leaves an empty
 * message to nobody (RFC 2920 §3.1). A server that has rejected the sender, or that does not clearly wait for content, cannot
 * be trusted with that. Then the connection ends.
 */
async function endEmpty(dialogue: Dialogue, reply: SmtpReply, rejection: SmtpError): Promise<void> {
  if (rejection.command !== 'RCPT TO' || !isGoAhead(reply)) return dialogue.fail(rejection)
  try {
    dialogue.send('.\r\n')
    await dialogue.reply()
  } catch {
    throw rejection
  }
}

function rejectionOf({ name }: Command, reply: SmtpReply): SmtpError {
  const isOfMessage = name !== 'RSET' && reply.code >= 400
  return new SmtpError(`${name} failed`, isOfMessage ? 'EENVELOPE' : 'EPROTOCOL', name, reply)
}

/** Sends the content and returns the reply to it. Stops before the end when the connection is lost or a reply comes early. */
async function sendContent(dialogue: Dialogue, pieces: readonly Buffer[], progress: Progress): Promise<SmtpReply> {
  progress.begun = true
  for (const [index, piece] of pieces.entries()) {
    await dialogue.flushed()
    if (dialogue.hasReply) return earlyReply(dialogue, progress)
    if (index === pieces.length - 1) progress.handedOver = true
    dialogue.send(piece)
  }
  return dialogue.reply()
}

/**
 * Returns a rejection that came before the end of the message. The connection ends, because the server may still read
 * content. Any other early reply proves nothing: the server may have taken part of the message for all of it.
 */
async function earlyReply(dialogue: Dialogue, progress: Progress): Promise<SmtpReply> {
  const reply = await dialogue.reply()
  const failure = new SmtpError('Unexpected Response', 'EPROTOCOL', 'DATA', reply)
  dialogue.fail(failure)
  if (reply.code >= 400) return reply
  progress.handedOver = true
  throw failure
}

function isPositive({ code }: SmtpReply): boolean {
  return code < 300
}

function isGoAhead({ code }: SmtpReply): boolean {
  return code >= 300 && code < 400
}
