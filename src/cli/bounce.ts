import { readFileSync, statSync } from 'node:fs'
import { BOUNCE_FILE_BYTES_MAX } from '../../config/limits-inbound.ts'
import { classifyRawMail } from '../mail/inbound/inbound-mail.ts'
import type { CommandContext } from './context.ts'

/**
 * `bounce`: classifies returned mails as if they had come to a signed bounce address. It needs neither configuration nor
 * database, and changes nothing. The format of `--json` is stable: one line for each file.
 */
export async function explainBounces(
  files: readonly string[],
  options: { json?: boolean },
  { terminal }: Pick<CommandContext, 'terminal'>,
): Promise<number> {
  let code = 0
  for (const file of files) {
    const raw = readMail(file)
    if (typeof raw === 'string') {
      terminal.err(raw)
      code = 2
      continue
    }
    const { verdict, reason } = classifyRawMail(raw)
    terminal.out(options.json === true ? JSON.stringify({ file, verdict, reason }) : `${file}: ${verdict}: ${reason}`)
  }
  return code
}

/** Returns the bytes of the file, or why it cannot be read. */
function readMail(file: string): Buffer | string {
  try {
    const stat = statSync(file)
    if (!stat.isFile()) return `${file} is not a file. Name files with one mail each.`
    if (stat.size > BOUNCE_FILE_BYTES_MAX) return `${file} is larger than ${BOUNCE_FILE_BYTES_MAX / 1024 / 1024} MB.`
    return readFileSync(file)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? `${file} does not exist.` : `${file} cannot be read: ${message}`
  }
}
