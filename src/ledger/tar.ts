/** A file or a folder of an archive. */
export interface TarEntry {
  /** With `/` between folders, at most 100 bytes. */
  readonly name: string
  /** A folder has none. */
  readonly bytes: number
  readonly isFolder: boolean
  readonly mtimeMs: number
}

const BLOCK_BYTES = 512
const NAME_BYTES_MAX = 100
const SIZE_BYTES_MAX = 8 ** 11 - 1 // Eleven octal digits.

/**
 * The header of an entry in the ustar format (POSIX.1-1988, “ustar Interchange Format”), which every `tar` reads. Files
 * are readable by their owner only.
 */
export function tarHeader({ name, bytes, isFolder, mtimeMs }: TarEntry): Buffer {
  const path = isFolder ? `${name}/` : name
  if (Buffer.byteLength(path) > NAME_BYTES_MAX || bytes > SIZE_BYTES_MAX)
    throw new Error(`${path} does not fit into a tar archive`)
  const header = Buffer.alloc(BLOCK_BYTES)
  const octal = (value: number, digits: number, at: number) =>
    header.write(value.toString(8).padStart(digits, '0'), at, 'ascii')
  header.write(path, 0)
  octal(isFolder ? 0o700 : 0o600, 7, 100)
  octal(0, 7, 108) // Owner and group: whoever unpacks it.
  octal(0, 7, 116)
  octal(bytes, 11, 124)
  octal(Math.floor(mtimeMs / 1_000), 11, 136)
  header.fill(' ', 148, 156) // The checksum counts its own field as blanks.
  header.write(isFolder ? '5' : '0', 156)
  header.write('ustar\0' + '00', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  octal(sum, 6, 148)
  header.writeUInt8(0, 154)
  return header
}

/** Zeros up to the end of a file's last block. */
export function tarPadding(bytes: number): Buffer {
  return Buffer.alloc((BLOCK_BYTES - (bytes % BLOCK_BYTES)) % BLOCK_BYTES)
}

/** Two empty blocks end an archive. */
export const TAR_END: Buffer = Buffer.alloc(2 * BLOCK_BYTES)
