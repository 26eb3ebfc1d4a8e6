import { afterAll, beforeEach } from '@jest/globals'
import { openInstallation, openTestApp, QUICKEST } from '../app.ts'
import { openAdminSite, PASSWORD_HASH } from './admin.ts'

/** Opens an admin site for the tests of one file. Each test runs a day later, so that no attempts of the previous one count. */
export async function openLoginSite() {
  let now = new Date('2026-11-24T09:00:00Z')
  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000)
  }
  const place = await openInstallation(QUICKEST, { adminPassword: PASSWORD_HASH })
  const app = await openTestApp(place, () => now)
  const site = await openAdminSite(app)
  afterAll(async () => {
    await site.close()
    await app.close()
    await place.close()
  })
  beforeEach(() => later(24 * 60))
  return { place, app, site, later, clock: () => now }
}
