import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Browser } from 'playwright-core'
import { UserError } from '../platform/errors.ts'
import { TEMPLATE_ENGINES } from '../rendering/digest/props.ts'
import { type PreviewQuery, previewPath, readPreviewQuery } from './query.ts'

const KNOWN_PLACES = [
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/usr/bin/google-chrome-stable',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
]
const QUIET = [
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
  /** Chromium's path; null: the usual places are tried. */
  readonly chromium: string | null
  readonly onShot?: (done: number, total: number, name: string) => void
}

/**
 * Every scenario in both forms on desktop, in dark and on a phone, and the contact sheet, as PNG files: for CI to keep
 * and for people to compare. Throws a Fault when there is no Chromium, or when a mail could not be made. Returns how
 * many files were written.
 */
export async function takeScreenshots(order: ScreenshotOptions): Promise<number> {
  const browser = await launch(order.chromium)
  const jobs = TEMPLATE_ENGINES.flatMap((engine) =>
    order.scenarios.flatMap((scenario) =>
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
    mkdirSync(order.dir, { recursive: true })
    for (const [index, { name, width, path }] of all.entries()) {
      const words = await shoot(browser, `${order.url}${path}`, width, join(order.dir, `${name}.png`))
      if (words !== null) failed.push(`${name}: ${words}`)
      order.onShot?.(index + 1, all.length, name)
    }
  } finally {
    await browser.close()
  }
  if (failed.length > 0) throw new UserError(failed)
  return all.length
}

/** A sentence when there was no mail to see. */
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
  const executablePath = given ?? KNOWN_PLACES.find((path) => existsSync(path))
  if (executablePath === undefined || !existsSync(executablePath))
    throw new UserError(
      `There is no Chromium ${given === null ? 'in the usual places' : `at ${given}`}, which --shots needs. Install it, or name it with --chromium PATH or CHROMIUM_PATH.`,
    )
  try {
    const { chromium } = await import('playwright-core')
    return await chromium.launch({ executablePath, args: QUIET })
  } catch (error) {
    const missing = (error as NodeJS.ErrnoException).code === 'ERR_MODULE_NOT_FOUND'
    throw new UserError(
      missing
        ? 'playwright-core is not installed, which --shots needs: it is a tool of development. Run npm ci without --omit=dev.'
        : `Chromium at ${executablePath} does not start: ${(error as Error).message.split('\n')[0]}`,
    )
  }
}
