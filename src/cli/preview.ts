import { startPreview } from '../../workers/preview.ts'
import { UserError, usageError } from '../platform/errors.ts'
import { scenarioIds } from '../preview/pages/sidebar.tsx'
import { findTransactionals } from '../preview/scenarios/transactional.ts'
import { takeScreenshots } from '../preview/screenshots.ts'
import { OUR_TEMPLATES } from '../rendering/own-templates/own-templates.ts'
import type { CommandContext } from './context.ts'

export interface PreviewOptions {
  readonly port: string
  readonly shots?: string
  readonly chromium?: string
}

/** `preview`: serves the template preview on loopback until a signal. With `--shots`, writes screenshots and exits. */
export async function preview(options: PreviewOptions, context: CommandContext): Promise<number> {
  const port = Number(options.port)
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw usageError(`--port ${options.port} is not a port: give a number from 0 to 65535.`)
  const { terminal, clock } = context
  const config = context.config()
  const running = await startPreview(config, {
    port: options.shots === undefined ? port : 0,
    clock,
    chromium: options.chromium,
  }).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EADDRINUSE') throw error
    throw new UserError(`Port ${port} is in use. Choose another with --port, or stop the program that uses it.`)
  })
  try {
    if (options.shots !== undefined) return await shoot(running.url, options, context)
    terminal.out(`Preview: ${running.url}/ (do not share this address). ? lists the keys. Ctrl-C ends it.`)
    if (config.templatesDir !== null) terminal.out(`Your templates: ${config.templatesDir}`)
    if (running.noLedger !== null) terminal.out(running.noLedger)
    await context.interrupted
    return 0
  } finally {
    await running.close()
  }
}

async function shoot(url: string, options: PreviewOptions, context: CommandContext): Promise<number> {
  const dir = options.shots ?? ''
  const progress = context.terminal.progress('shots', 0)
  try {
    const count = await takeScreenshots({
      url,
      dir,
      scenarios: scenarioIds(findTransactionals(OUR_TEMPLATES)),
      chromium: options.chromium ?? null,
      onShot: (done, total, name) => progress.update(done, total, name),
    })
    context.terminal.out(`${count} pictures in ${dir}.`)
    return 0
  } finally {
    progress.stop()
  }
}
