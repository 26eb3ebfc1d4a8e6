import axe from 'axe-core'
import type { Page } from 'playwright-core'

/** Returns axe violations, and whether the page is wider than the window. */
export async function faultsOf(page: Page): Promise<string[]> {
  await page.evaluate(axe.source)
  return page.evaluate(`(async () => {
    const { violations } = await axe.run(document, { resultTypes: ['violations'] })
    const wide = document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : []
    return [...violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)), ...wide]
  })()`)
}

/**
 * Returns the faults of an open page on a phone in light and on a desk in dark. Colours do not depend on the width, so the
 * narrowest window that pages must fit (WCAG 2.2, 1.4.10) is only measured. `picture` names the file of each picture.
 */
export async function faultsOfLooks(page: Page, picture?: (look: string) => string): Promise<string[]> {
  const faults: string[] = []
  for (const [width, colorScheme] of [
    [375, 'light'],
    [1280, 'dark'],
  ] as const) {
    const look = `${colorScheme}-${width}`
    await page.setViewportSize({ width, height: 900 })
    // Without motion, because the colours of a button would change slowly from light to dark.
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
    if (picture !== undefined && process.env.PAPERROUND_SHOTS !== undefined)
      await page.screenshot({ path: picture(look) })
    faults.push(...(await faultsOf(page)).map((fault) => `${look}: ${fault}`))
  }
  await page.setViewportSize({ width: 320, height: 900 })
  if (await page.evaluate('document.documentElement.scrollWidth > innerWidth'))
    faults.push('320: wider than the window')
  return faults
}
