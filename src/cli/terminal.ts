import cliProgress from 'cli-progress'

/** Where a command writes; tests and pipes get plain lines. */
export interface Terminal {
  out(line: string): void
  err(line: string): void
  progress(label: string, total: number): Progress
  /** The same, but shown to nobody where no one watches. */
  bar(label: string, total: number): Progress
}

export interface Progress {
  /** `note` says what is going on beside the numbers. */
  update(done: number, total: number, note: string): void
  stop(): void
}

const PLAIN_LINE_EVERY_MS = 2_000

export function createTerminal(out: NodeJS.WriteStream, err: NodeJS.WriteStream): Terminal {
  // A reader such as `head` that has seen enough closes the pipe; that is no failure of ours.
  for (const stream of [out, err]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error
    })
  }
  return {
    out: (line) => void out.write(`${line}\n`),
    err: (line) => void err.write(`${line}\n`),
    progress: (label, total) => (err.isTTY ? barProgress(label, total, err) : plainProgress(label, err)),
    bar: (label, total) => (err.isTTY ? barProgress(label, total, err) : { update() {}, stop() {} }),
  }
}

function barProgress(label: string, total: number, stream: NodeJS.WriteStream): Progress {
  const bar = new cliProgress.SingleBar(
    { format: `${label} {bar} {value}/{total} · {note}`, hideCursor: true, clearOnComplete: false, stream },
    cliProgress.Presets.rect,
  )
  bar.start(total, 0, { note: '' })
  return {
    update(done, of, note) {
      bar.setTotal(of)
      bar.update(done, { note })
    },
    stop: () => bar.stop(),
  }
}

/** In a pipe: a line when something changed, at most every two seconds. */
function plainProgress(label: string, stream: NodeJS.WriteStream): Progress {
  let last = ''
  let at = 0
  return {
    update(done, of, note) {
      const line = `${label} ${done}/${of} · ${note}`
      if (of === 0 || line === last || Date.now() - at < PLAIN_LINE_EVERY_MS) return
      last = line
      at = Date.now()
      stream.write(`${line}\n`)
    },
    stop() {},
  }
}
