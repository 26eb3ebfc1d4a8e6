/** Messages of the PostgreSQL protocol (https://www.postgresql.org/docs/current/protocol-message-formats.html). */

/** The first message has one of these codes instead of a message type. */
export const PROTOCOL_3 = 196_608
export const CANCEL_REQUEST = 80_877_102
export const SSL_REQUEST = 80_877_103
export const GSSENC_REQUEST = 80_877_104

/** AuthenticationCleartextPassword: asks the client for its password. */
export const ASK_FOR_PASSWORD = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3])

/** Reads the names and values of a start-up message, such as `user` and `application_name`. */
export function startUpParameters(message: Uint8Array): ReadonlyMap<string, string> {
  const texts = Buffer.from(message.subarray(8)).toString('utf8').split('\0')
  const parameters = new Map<string, string>()
  for (let at = 0; at + 1 < texts.length && texts[at] !== ''; at += 2)
    parameters.set(texts[at] ?? '', texts[at + 1] ?? '')
  return parameters
}

/** An ErrorResponse with severity FATAL, after which the client must disconnect. */
export function errorMessage(code: string, text: string): Buffer {
  return message('E', `SFATAL\0VFATAL\0C${code}\0M${text}\0\0`)
}

/** Builds a message: type, length, body. */
export function message(type: string, body: string): Buffer {
  const bytes = Buffer.from(`${type}0000${body}`, 'utf8')
  bytes.writeInt32BE(bytes.length - 1, 1)
  return bytes
}
