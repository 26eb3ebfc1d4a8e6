import { afterAll, beforeAll, beforeEach, expect, it } from '@jest/globals'
import type { Browser, CDPSession, Page } from 'playwright-core'
import type { App } from '../../../../workers/app/app.ts'
import { freePort } from '../../../support/servers/ports.ts'
import { type AdminSite, openAdminSite, PASSWORD } from '../../../support/web/admin.ts'
import { describeInBrowser } from '../../../support/web/browser.ts'
import { addTestOperator, emailOf } from '../../../support/web/operators.ts'
import { NOW } from '../admin-test.ts'
import { type AdminInBrowser, type AdminVisitor, createVisitor, openInBrowser } from '../admin-visitor.ts'

const DEVICE = {
  protocol: 'ctap2',
  transport: 'internal',
  hasResidentKey: true,
  hasUserVerification: true,
  isUserVerified: true,
  automaticPresenceSimulation: true,
} as const
const LOGIN = '/admin/login/passkey'

// Chromium’s virtual device signs as a real one does.
describeInBrowser('passkeys in a browser', () => {
  let opened: AdminInBrowser | undefined
  let app: App
  let other: AdminSite
  let browser: Browser
  let page: Page
  let visitor: AdminVisitor
  let device: CDPSession
  let authenticatorId = ''
  let url = ''
  let vic = ''
  let ada = ''
  let sentId = ''
  let otherUrl = ''
  beforeAll(async () => {
    const [port, otherPort] = [await freePort(), await freePort()]
    url = `http://localhost:${port}`
    otherUrl = `http://localhost:${otherPort}`
    opened = await openInBrowser({ publicUrl: url, port })
    ;({ app, browser } = opened)
    // The same website at another origin of the same host, as a program on another port would be.
    other = await openAdminSite({ ...app, config: { ...app.config, port: otherPort } })
    vic = await addTestOperator(app, 'Vic', 'viewer')
    ada = await addTestOperator(app, 'Ada', 'owner')
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
    page.setDefaultTimeout(5_000)
    visitor = createVisitor(page, url)
    device = await page.context().newCDPSession(page)
    await device.send('WebAuthn.enable')
    authenticatorId = (await device.send('WebAuthn.addVirtualAuthenticator', { options: DEVICE })).authenticatorId
  }, 300_000)
  afterAll(async () => {
    await other?.close()
    await opened?.close()
  })
  beforeEach(async () => {
    await app.ledger.db.deleteFrom('login_attempts').execute()
  })

  const lastAction = async () => (await app.ledger.operators.readActions({ limit: 1 }))[0]
  /** Presses a button, and returns the form that the browser posts. */
  const posted = async (path: string, button: string, says: string) => {
    const [request] = await Promise.all([
      page.waitForRequest((each) => each.method() === 'POST' && each.url().endsWith(path)),
      visitor.press(button, says),
    ])
    return Object.fromEntries(new URLSearchParams(request.postData() ?? ''))
  }
  const isRefused = async (because: string) => {
    expect(await lastAction()).toMatchObject({ who: 'nobody', action: 'login.passkey-refused', after: { because } })
    expect((await page.goto(`${url}/admin/queues`))?.url()).toBe(`${url}/admin/login`)
  }

  it('adds a passkey only with the password, and accepts its answer once', async () => {
    await visitor.go('/admin/login')
    expect(await page.getByRole('button').allTextContents()).toEqual(['Log in'])
    await page.getByLabel('Email address').fill(emailOf('Vic'))
    await page.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Log in', 'Vic')
    await visitor.go('/admin/account')
    const form = page.locator('form[data-passkey]')
    await form.getByLabel('Name').fill('Vic’s laptop')
    await form.getByLabel('Password').fill('wrong')
    await visitor.press('Add a passkey', 'Nothing was changed: wrong password. Try again.')
    expect((await device.send('WebAuthn.getCredentials', { authenticatorId })).credentials).toEqual([])
    await form.getByLabel('Password').fill(PASSWORD)
    const sent = await posted('/admin/account/passkeys', 'Add a passkey', 'Passkey added.')
    expect([sent.current, sent.name]).toEqual(['', 'Vic’s laptop'])
    sentId = JSON.parse(sent.credential ?? '').id
    await page.getByRole('cell', { name: 'Vic’s laptop' }).waitFor()
    await visitor.look('account-passkeys')
    expect(await lastAction()).toMatchObject({ who: 'Vic', after: { passkey: 'Vic’s laptop' } })
    // The form is posted again, as from the history.
    const again = await page.request.post(`${url}/admin/account/passkeys`, { form: sent })
    expect(await again.text()).toContain('Nothing was added')
    expect(await app.ledger.operators.hasPasskeys()).toBe(true)
    // The device refuses a second one for the same account.
    await form.getByLabel('Name').fill('again')
    await form.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Add a passkey', 'This device has a passkey for your account already.')
  })

  it('logs a viewer in as a viewer, and refuses the same answer a second time', async () => {
    await visitor.press('Log out', 'Log in with a passkey')
    await visitor.look('login-passkey')
    const sent = await posted(LOGIN, 'Log in with a passkey', 'Vic')
    expect(await lastAction()).toMatchObject({ who: 'Vic', action: 'login.passkey-used' })
    await visitor.go('/admin/operators')
    await page.getByText('Only an owner can do this, and you are a viewer.').waitFor()
    const again = await page.request.post(url + LOGIN, { form: sent })
    expect([again.status(), (await again.text()).includes('This passkey was not accepted.')]).toEqual([403, true])
    expect((await lastAction())?.after?.because).toBe(
      'its request had expired, was used before, or came from another browser',
    )
    await visitor.go('/admin/account')
    await visitor.press('Log out', 'Log in with a passkey')
  })

  it('refuses an answer that was made for another origin', async () => {
    await page.goto(`${otherUrl}/admin/login`)
    await visitor.press('Log in with a passkey', 'This passkey was not accepted.')
    await isRefused('its answer was for another site, unverified or wrongly signed')
  })

  it('refuses a passkey that did not check who uses it', async () => {
    await page.route('**/options', async (route) => {
      const answer = await route.fetch()
      await route.fulfill({ response: answer, json: { ...(await answer.json()), userVerification: 'discouraged' } })
    })
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false })
    await visitor.go('/admin/login')
    await visitor.press('Log in with a passkey', 'This passkey was not accepted.')
    await isRefused('its answer was for another site, unverified or wrongly signed')
    await page.unroute('**/options')
    // As it should be, the browser itself refuses.
    await visitor.press('Log in with a passkey', 'Nothing happened: the passkey was not used')
    await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true })
  })

  it('refuses a copy of a passkey, whose counter goes back', async () => {
    const { credentials } = await device.send('WebAuthn.getCredentials', { authenticatorId })
    const [own] = credentials
    if (own === undefined) throw new Error('the device has no passkey')
    await device.send('WebAuthn.removeCredential', { authenticatorId, credentialId: own.credentialId })
    await device.send('WebAuthn.addCredential', { authenticatorId, credential: { ...own, signCount: 0 } })
    await visitor.go('/admin/login')
    await visitor.press('Log in with a passkey', 'This passkey was not accepted.')
    await isRefused('its counter went back, so somebody may have copied it')
    await device.send('WebAuthn.removeCredential', { authenticatorId, credentialId: own.credentialId })
    await device.send('WebAuthn.addCredential', { authenticatorId, credential: own })
  })

  it('refuses the passkey of a disabled account', async () => {
    const by = { actor: { who: 'Ada', address: null }, at: NOW }
    await app.ledger.operators.setDisabled(vic, true, by)
    await visitor.go('/admin/login')
    await visitor.press('Log in with a passkey', 'This passkey was not accepted.')
    await isRefused('the account is disabled')
    await app.ledger.operators.setDisabled(vic, false, by)
  })

  it('refuses a passkey that names another operator than its owner', async () => {
    const passkeys = app.ledger.db.updateTable('operator_passkeys')
    const { userHandle } = (await app.ledger.operators.findPasskey(sentId)) ?? {}
    await passkeys.set({ user_handle: 'YQ' }).execute()
    await visitor.go('/admin/login')
    await visitor.press('Log in with a passkey', 'This passkey was not accepted.')
    await isRefused('its answer was for another site, unverified or wrongly signed')
    await passkeys.set({ user_handle: userHandle ?? '' }).execute()
  })

  it('removes a passkey with the password, and refuses it from then on', async () => {
    await visitor.go('/admin/login')
    await visitor.press('Log in with a passkey', 'Vic')
    await visitor.go('/admin/account')
    const form = page.locator('form[action="/admin/account/passkeys/remove"]')
    await form.getByLabel('Password').fill('wrong')
    await visitor.press('Remove passkey', 'Nothing was changed: wrong password.')
    await form.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Remove passkey', 'Passkey removed.')
    expect(await lastAction()).toMatchObject({ action: 'operator.passkey-removed' })
    await visitor.press('Log out', 'Log in')
    expect(await page.getByRole('button').allTextContents()).toEqual(['Log in'])
    // With a passkey of another operator, the login offers passkeys again.
    const made = { credentialId: 'YQ', userHandle: 'YQ', publicKey: 'YQ', counter: 0, name: 'of Ada' }
    await app.ledger.operators.addPasskey(ada, made, { actor: { who: 'Ada', address: null }, at: NOW })
    await visitor.go('/admin/login')
    await visitor.press('Log in with a passkey', 'This passkey was not accepted.')
    await isRefused('nobody has this passkey')
  })
})
