import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { expect } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import type { App } from '../../../workers/app/app.ts'
import { openInstallation, openTestApp, QUICKEST } from '../../support/app.ts'
import { type AdminSite, openAdminSite } from '../../support/web/admin.ts'
import { launchBrowser } from '../../support/web/browser.ts'
import { NOW } from './admin-test.ts'

export const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'admin')
const LOOKS = [
  { width: 1280, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
] as const

/** Lists elements that are wider than the page, except inside scrolling tables. */
const WIDE = `document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('main *, header *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth && !each.closest('.sheet')).slice(0, 3)
  .map((each) => each.outerHTML.slice(0, 100)).join()`
/** Lists the tables that a phone must scroll sideways. */
const SCROLLING = `innerWidth > 500 ? '' : [...document.querySelectorAll('.sheet')]
  .filter((each) => each.querySelector('.cards') && each.scrollWidth > each.clientWidth).map((each) => each.ariaLabel).join()`
const BUTTONS = `[...document.querySelectorAll('button, a.button')].map((each) => each.textContent)`

/** An installation, its website and a browser. */
export interface AdminInBrowser {
  readonly app: App
  readonly site: AdminSite
  readonly browser: Browser
  close(): Promise<void>
}

/** Opens an installation at 9:00 UTC of its day, and a browser beside it. */
export async function openInBrowser(over: Parameters<typeof openInstallation>[1] = {}): Promise<AdminInBrowser> {
  mkdirSync(PICTURES, { recursive: true })
  // Plain HTTP on loopback, so that the browser takes the cookies.
  const place = await openInstallation(QUICKEST, { publicUrl: 'http://localhost', ...over })
  const app = await openTestApp(place, () => NOW)
  const site = await openAdminSite(app)
  const browser = await launchBrowser()
  return {
    app,
    site,
    browser,
    async close() {
      await browser.close()
      await site.close()
      await app.close()
      await place.close()
    },
  }
}

/** Walks through the admin pages, and records which buttons it saw and pressed. */
export interface AdminVisitor {
  readonly seen: ReadonlySet<string>
  readonly pressed: ReadonlySet<string>
  go(path: string): Promise<void>
  press(name: string, says?: string, of?: Page): Promise<void>
  look(name: string, thoroughly?: boolean): Promise<void>
}

export function createVisitor(page: Page, url: string): AdminVisitor {
  // Names without the numbers in them: a button is the same for one subscriber and for two.
  const seen = new Set<string>()
  const pressed = new Set<string>()
  const named = (name: string) => name.replace(/[\d,]+ subscribers?|\d+/g, 'n')
  /** Checks the page on a wide and a narrow screen with axe, takes screenshots, and records its buttons. */
  const look = async (name: string, thoroughly = false) => {
    for (const name of (await page.evaluate(BUTTONS)) as string[]) seen.add(named(name))
    for (const { width, colorScheme } of LOOKS) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      if (process.env.PAPERROUND_SHOTS !== undefined)
        await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}-${width}.png`), fullPage: true })
      const found = thoroughly || width === 375 ? await violations() : []
      const scrolling = await page.evaluate(SCROLLING)
      expect([name, width, await page.evaluate(WIDE), scrolling, found]).toEqual([name, width, '', '', []])
    }
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
  }
  // The debugger evaluates axe, so the page's own policy stays active.
  const violations = async () => {
    await page.evaluate(axe.source)
    return page.evaluate(
      `axe.run(document, { resultTypes: ['violations'] }).then((result) => result.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary.slice(0, 200)).join(' | ')))`,
    )
  }
  const go = async (path: string) => {
    await page.goto(url + path)
    for (const name of (await page.evaluate(BUTTONS)) as string[]) seen.add(named(name))
  }
  /** Presses a button, or a link that looks like one, and waits for a text. */
  const press = async (name: string, says?: string, of: Page = page) => {
    await of.locator('button, a.button').filter({ hasText: name }).first().click()
    if (says !== undefined) await of.getByText(says).filter({ visible: true }).first().waitFor()
    pressed.add(named(name))
  }
  return { seen, pressed, go, press, look }
}
