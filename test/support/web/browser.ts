import { existsSync } from 'node:fs'
import { describe } from '@jest/globals'
import { type Browser, chromium } from 'playwright-core'

export const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const HERE = existsSync(CHROMIUM)
if (process.env.PAPERROUND_REQUIRE_ALL === '1' && !HERE)
  throw new Error(`PAPERROUND_REQUIRE_ALL is set, but there is no Chromium at ${CHROMIUM}`)

// As root it needs no sandbox, and without the others it looks for hosts of its maker's.
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]

/** A `describe` that is skipped, and says so, where there is no Chromium. */
export function describeInBrowser(name: string, tests: () => void): void {
  if (HERE) describe(name, tests)
  else describe.skip(`${name} (skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium)`, tests)
}

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: CHROMIUM, args: ARGS })
}
