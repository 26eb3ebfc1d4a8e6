import { createInterface } from 'node:readline'
import cliProgress from 'cli-progress'
import { escapeControls } from '../../platform/escape-controls.ts'

/** The output of a command; tests and pipes get plain lines. Control characters are escaped. */
export interface Terminal {
  /** Whether a person reads the output and the errors. */
  readonly isInteractive?: boolean
  out(line: string): void
  err(line: string): void
  /** Writes a line for other programs, such as CSV. In a pipe or a file it is not changed. */
  data(line: string): void
  progress(label: string, total: number): ProgressBar
  /** The same, but shows nothing if standard error is not a terminal. */
  bar(label: string, total: number): ProgressBar
  /** Asks a question and returns the typed line. Missing where nobody can answer. */
  ask?: (question: string) => Promise<string>
}

export interface ProgressBar {
  /** `note` is shown next to the numbers. */
  update(done: number, total: number, note: string): void
  /** Writes lines that stay on the screen, above the bar if there is one. */
  say(lines: readonly string[]): void
  stop(): void
}

const COLUMNS_DEFAULT = 80 // Some terminals do not report their width.
const PLAIN_LINE_EVERY_MS = 2_000

export function createTerminal(
  out: NodeJS.WriteStream,
  err: NodeJS.WriteStream,
  input: NodeJS.ReadStream | null = null,
): Terminal {
  // A program such as `head` closes the pipe when it has read enough. This is not an error.
  for (const stream of [out, err]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  return {
    isInteractive: out.isTTY === true && err.isTTY === true,
    out: (line) => void out.write(`${escapeControls(line)}\n`),
    err: (line) => void err.write(`${escapeControls(line)}\n`),
    data: (line) => void out.write(`${out.isTTY ? escapeControls(line) : line}\n`),
    progress: (label, total) => (err.isTTY ? barProgress(label, total, err) : plainProgress(label, err)),
    bar: (label, total) => (err.isTTY ? barProgress(label, total, err) : { update() {}, say() {}, stop() {} }),
    ...(input?.isTTY === true && err.isTTY ? { ask: (question: string) => askLine(question, input, err) } : {}),
  }
}

async function askLine(question: string, input: NodeJS.ReadStream, err: NodeJS.WriteStream): Promise<string> {
  const lines = createInterface({ input, output: err })
  try {
    return await new Promise((resolve) => {
      // The terminal passes Ctrl-C to this question. It means the whole command.
      lines.once('SIGINT', () => process.kill(process.pid, 'SIGINT'))
      // The end of the input is no answer.
      lines.once('close', () => resolve(''))
      lines.question(question, resolve)
    })
  } finally {
    lines.close()
  }
}

function barProgress(label: string, total: number, stream: NodeJS.WriteStream): ProgressBar {
  // A MultiBar with one bar, because a SingleBar cannot write lines above itself.
  const bars = new cliProgress.MultiBar(
    { format: `${label} {bar} {value}/{total} · {note}`, hideCursor: true, clearOnComplete: false, stream },
    cliProgress.Presets.rect,
  )
  const bar = bars.create(total, 0, { note: '' })
  return {
    update(done, of, note) {
      bar.setTotal(of)
      bar.update(done, { note: escapeControls(note) })
    },
    say(lines) {
      // While a bar is shown, the terminal cuts off long lines.
      for (const line of lines)
        bars.log(`${fold(escapeControls(line), stream.columns || COLUMNS_DEFAULT).join('\n')}\n`)
      bars.update()
    },
    stop: () => bars.stop(),
  }
}

/** Breaks a line between words, so that no part is wider than the terminal. A word that is wider is not broken. */
export function fold(line: string, columns: number): string[] {
  const folded: string[] = []
  for (const word of line.split(' ')) {
    const last = folded.at(-1)
    if (last === undefined || last.length + 1 + word.length > columns) folded.push(word)
    else folded[folded.length - 1] = `${last} ${word}`
  }
  return folded
}

/** Progress in a pipe: writes a line when something has changed, at most every two seconds. */
function plainProgress(label: string, stream: NodeJS.WriteStream): ProgressBar {
  let last = ''
  let at = 0
  return {
    update(done, of, note) {
      const line = escapeControls(`${label} ${done}/${of} · ${note}`)
      if (of === 0 || line === last || Date.now() - at < PLAIN_LINE_EVERY_MS) return
      last = line
      at = Date.now()
      stream.write(`${line}\n`)
    },
    say: (lines) => void stream.write(`${escapeControls(lines.join('\n'))}\n`),
    stop() {},
  }
}
