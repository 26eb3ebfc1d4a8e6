import { usageError } from '../../platform/errors.ts'

const LF = 10
const CR = 13
const SNIFFED_BYTES = 1_024 // Enough to detect the encoding.

/**
 * Decodes a file to UTF-8 without a byte order mark, and with `\n` for every `\r\n` and `\r`. Otherwise csv-parse would
 * count a `\r\n` inside a cell as two lines, and would miss line ends that differ from the first.
 * @throws UserError (exit code 2) for a file that is not text, such as an Excel workbook.
 */
export async function* asText(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let afterCr = false
  for await (const bytes of inUtf8(chunks, file)) {
    const rest = afterCr && bytes[0] === LF ? bytes.subarray(1) : bytes
    if (bytes.length > 0) afterCr = bytes.at(-1) === CR
    if (rest.length > 0) yield rest.includes(CR) ? lineFeeds(rest) : rest
  }
}

async function* inUtf8(chunks: AsyncIterable<Buffer>, file: string): AsyncGenerator<Buffer> {
  let decoder: InstanceType<typeof TextDecoder> | null = null
  for await (const chunk of beginningWhole(chunks)) {
    if (!chunk.first) {
      yield decoder === null ? chunk.bytes : Buffer.from(decoder.decode(chunk.bytes, { stream: true }))
      continue
    }
    const { bytes } = chunk
    const encoding = encodingOf(bytes, file)
    if (encoding === 'utf-8') yield bytes.subarray(bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0)
    else {
      decoder = new TextDecoder(encoding)
      yield Buffer.from(decoder.decode(bytes, { stream: true }))
    }
  }
  if (decoder !== null) yield Buffer.from(decoder.decode())
}

/** Yields the chunks, the first of which is long enough to detect the encoding. */
async function* beginningWhole(chunks: AsyncIterable<Buffer>): AsyncGenerator<{ bytes: Buffer; first: boolean }> {
  let beginning: Buffer | null = Buffer.alloc(0)
  for await (const chunk of chunks) {
    if (beginning === null) yield { bytes: chunk, first: false }
    else {
      beginning = Buffer.concat([beginning, chunk])
      if (beginning.length < SNIFFED_BYTES) continue
      yield { bytes: beginning, first: true }
      beginning = null
    }
  }
  if (beginning !== null) yield { bytes: beginning, first: true }
}

/** Magic numbers of files that people import by mistake, and advice for each. */
const BINARIES: readonly (readonly [readonly number[], string])[] = [
  [
    [0x50, 0x4b, 0x03, 0x04],
    'is a ZIP archive or an Excel workbook. Unpack it, or save the sheet as CSV, and import that',
  ],
  [[0xd0, 0xcf, 0x11, 0xe0], 'is an Excel workbook. Save the sheet as CSV, and import that'],
  [[0x1f, 0x8b], 'is compressed by gzip. Unpack it with gunzip, and import the CSV in it'],
  [[0x25, 0x50, 0x44, 0x46], 'is a PDF. Only CSV can be imported'],
]

function encodingOf(bytes: Buffer, file: string): 'utf-8' | 'utf-16le' | 'utf-16be' {
  const binary = BINARIES.find(([magic]) => magic.every((byte, at) => bytes[at] === byte))
  if (binary !== undefined) throw usageError(`${file} ${binary[1]}.`)
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  const pairs = Math.floor(Math.min(bytes.length, SNIFFED_BYTES) / 2)
  let [even, odd] = [0, 0]
  for (let at = 0; at < pairs * 2; at += 2) {
    if (bytes[at] === 0) even += 1
    if (bytes[at + 1] === 0) odd += 1
  }
  // In UTF-16, each Latin letter of a header has a zero byte, always on the same side.
  if (odd > pairs / 2 && even < odd / 10) return 'utf-16le'
  if (even > pairs / 2 && odd < even / 10) return 'utf-16be'
  if (even + odd > pairs / 10) throw usageError(`${file} is not a text file. Save the list as CSV, and import that.`)
  return 'utf-8'
}

function lineFeeds(bytes: Buffer): Buffer {
  const kept = Buffer.allocUnsafe(bytes.length)
  let length = 0
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0
    if (byte === LF && bytes[at - 1] === CR) continue
    kept[length] = byte === CR ? LF : byte
    length += 1
  }
  return kept.subarray(0, length)
}
