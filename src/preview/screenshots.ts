import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { UserError } from '../platform/errors.ts'
import { TEMPLATE_ENGINES } from '../rendering/digest/props.ts'
import { type PreviewQuery, previewPath, readPreviewQuery } from './query.ts'

const CHROMIUM_PATHS = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const CHROMIUM_ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

const LOOKS = [
  { name: 'desktop', width: 680, change: {} },
  { name: 'dark', width: 680, change: { tone: 'dark' } },
  { name: 'phone', width: 375, change: { view: 'phone' } },
] as const satisfies readonly { name: string; width: number; change: Partial<PreviewQuery> }[]

export interface ScreenshotOptions {
  /** URL of the preview. */
  readonly url: string
  readonly dir: string
  readonly scenarios: readonly string[]
  /** Path of Chromium, or null to try the usual places. */
  readonly chromium: string | null
  readonly onShot?: (done: number, total: number, name: string) => void
}

/**
 * Writes PNG files of every scenario with both engines on desktop, in dark mode and on a phone, and of the contact
 * sheets. Returns the number of files. Throws a `UserError` without Chromium, or when a mail could not be composed.
 */
export async function takeScreenshots(options: ScreenshotOptions): Promise<number> {
  const browser = await launch(options.chromium)
  const jobs = TEMPLATE_ENGINES.flatMap((engine) =>
    options.scenarios.flatMap((scenario) =>
      LOOKS.map(({ name, width, change }) => ({
        name: `${scenario}.${engine}.${name}`,
        width,
        path: previewPath('/mail', { ...readPreviewQuery({}, engine), scenario }, change),
      })),
    ),
  )
  const sheets = TEMPLATE_ENGINES.map((engine) => ({
    name: `contact-sheet.${engine}`,
    width: 1280,
    path: previewPath('/sheet', readPreviewQuery({}, engine)),
  }))
  const all = [...jobs, ...sheets]
  const failed: string[] = []
  try {
    mkdirSync(options.dir, { recursive: true })
    for (const [index, { name, width, path }] of all.entries()) {
      const words = await shoot(browser, `${options.url}${path}`, width, join(options.dir, `${name}.png`))
      if (words !== null) failed.push(`${name}: ${words}`)
      options.onShot?.(index + 1, all.length, name)
    }
  } finally {
    await browser.close()
  }
  if (failed.length > 0) throw new UserError(failed)
  return all.length
}

/** Returns a PNG of one page at a width. Throws a `UserError` without Chromium, or when the page takes too long. */
export async function takeScreenshot(options: {
  readonly url: string
  readonly width: number
  readonly chromium: string | null
  readonly msMax: number
}): Promise<Buffer> {
  const browser = await launch(options.chromium)
  try {
    const page = await browser.newPage({ viewport: { width: options.width, height: 900 } })
    page.setDefaultTimeout(options.msMax)
    await page.goto(options.url, { waitUntil: 'load' })
    return await page.screenshot({ fullPage: true })
  } catch (error) {
    throw new UserError(`The picture could not be taken: ${(error as Error).message.split('\n')[0]}`)
  } finally {
    await browser.close()
  }
}

/** Takes one screenshot. Returns an error message if there was no mail, or null. */
async function shoot(browser: Browser, url: string, width: number, path: string): Promise<string | null> {
  const page = await browser.newPage({ viewport: { width, height: 900 } })
  try {
    const answer = await page.goto(url, { waitUntil: 'load' })
    await page.screenshot({ path, fullPage: true })
    return answer?.ok() === true ? null : ((await page.textContent('main'))?.trim() ?? 'no answer')
  } finally {
    await page.close()
  }
}

async function launch(given: string | null): Promise<Browser> {
  const executablePath = given ?? CHROMIUM_PATHS.find((path) => existsSync(path))
  if (executablePath === undefined || !existsSync(executablePath))
    throw new UserError(
      `There is no Chromium ${given === null ? 'in the usual places' : `at ${given}`}. Pictures need it. Install it, or start the preview with its path: --chromium PATH or CHROMIUM_PATH.`,
    )
  try {
    const { chromium } = await import('playwright-core')
    return await chromium.launch({ executablePath, args: CHROMIUM_ARGS })
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    throw new UserError(
      missing
        ? 'Pictures need playwright-core, a development dependency that is not installed. Run npm ci without --omit=dev.'
        : `Chromium at ${executablePath} does not start: ${(error as Error).message.split('\n')[0]}`,
    )
  }
}
