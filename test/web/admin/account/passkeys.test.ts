import { beforeEach, describe, expect, it } from '@jest/globals'
import {
  LOGIN_ATTEMPTS_PER_ADDRESS_MAX,
  PASSKEY_CHALLENGE_SECONDS,
  PASSKEY_CHALLENGES_MAX,
  PASSKEY_CHALLENGES_PER_NETWORK_MINUTE,
  PASSKEYS_PER_OPERATOR_MAX,
} from '../../../../config/limits-web.ts'
import { openAdminSite, PASSWORD } from '../../../support/web/admin.ts'
import { openLoginSite } from '../../../support/web/login-site.ts'
import { addTestOperator, emailOf, loginAs } from '../../../support/web/operators.ts'

const { app, site, clock } = await openLoginSite()
const { operators } = app.ledger
const OPTIONS = '/admin/account/passkeys/options'
const LOGIN = '/admin/login/passkey'
let ada = ''
let bob = ''

beforeEach(async () => {
  for (const table of ['operators', 'login_attempts', 'operator_actions', 'passkey_challenges'] as const)
    await app.ledger.db.deleteFrom(table).execute()
  ada = await addTestOperator(app, 'Ada', 'viewer')
  bob = await addTestOperator(app, 'Bob', 'owner')
})

const by = () => ({ actor: { who: 'Ada', address: null, operatorId: ada }, at: clock() })
const keyOf = (id: string) => ({ credentialId: id, userHandle: 'YQ', publicKey: 'YQ', counter: 0, name: `key ${id}` })
const passkeysOf = async (id: string) => (await operators.listPasskeys(id)).map(({ name }) => name)

describe('a request for a new passkey', () => {
  it('needs the password and a name, and asks for a passkey that checks the person', async () => {
    const client = await loginAs(site, 'Ada')
    await client.get('/admin/account')
    const ask = async (name: string, current: string) => client.post(OPTIONS, { name, current })
    expect(JSON.parse((await ask('Phone', 'wrong')).body)).toEqual({
      fault: 'Nothing was changed: wrong password. Try again.',
    })
    expect((await ask('ada@example.org', PASSWORD)).status).toBe(422)
    expect(await app.ledger.db.selectFrom('passkey_challenges').selectAll().execute()).toEqual([])
    const { status, body } = await ask('Phone', PASSWORD)
    const options = JSON.parse(body)
    expect([status, options.rp.id, options.user.name]).toEqual([200, 'papers.example.org', emailOf('Ada')])
    expect(options.authenticatorSelection).toMatchObject({ residentKey: 'required', userVerification: 'required' })
    expect(Buffer.from(options.user.id, 'base64url')).toHaveLength(32)
  })

  it('needs a code as well with two-factor login, as does removing', async () => {
    await operators.addPasskey(ada, keyOf('a'), by())
    const client = await loginAs(site, 'Ada')
    await app.ledger.db
      .updateTable('operators')
      .set({ totp_secret: 'GEZDGNBVGY3TQOJQ' })
      .where('id', '=', ada)
      .execute()
    await client.get('/admin/account')
    const asked = await client.post(OPTIONS, { name: 'Phone', current: PASSWORD })
    expect([asked.status, asked.body]).toEqual([422, expect.stringContaining('wrong password or code')])
    const [key] = await operators.listPasskeys(ada)
    const page = await client.act('/admin/account/passkeys/remove', { passkey: key?.id ?? '', current: PASSWORD })
    expect(page).toContain('wrong password or code')
    expect(await passkeysOf(ada)).toEqual(['key a'])
  })

  it('does not remove the passkey of somebody else', async () => {
    await operators.addPasskey(bob, keyOf('b'), by())
    const [key] = await operators.listPasskeys(bob)
    const client = await loginAs(site, 'Ada')
    await client.get('/admin/account')
    const page = await client.act('/admin/account/passkeys/remove', { passkey: key?.id ?? '', current: PASSWORD })
    expect(page).toContain('already removed')
    expect(await passkeysOf(bob)).toEqual(['key b'])
  })
})

describe('a challenge', () => {
  const challenge = { challenge: 'abc', holder: 'here', operatorId: null }
  const late = (seconds: number) => new Date(clock().getTime() + seconds * 1_000)

  it('works once, for its holder and its purpose, and for five minutes', async () => {
    await operators.savePasskeyChallenge(challenge, clock())
    const use = (over: object, seconds = 0) =>
      operators.consumePasskeyChallenge({ ...challenge, ...over }, late(seconds))
    expect(await use({ holder: 'elsewhere' })).toBe(false)
    expect(await use({ operatorId: ada })).toBe(false)
    expect(await use({}, PASSKEY_CHALLENGE_SECONDS)).toBe(false)
    expect([await use({}, PASSKEY_CHALLENGE_SECONDS - 1), await use({})]).toEqual([true, false])
  })

  it('makes room for newer ones, so that the table stays small', async () => {
    const rows = Array.from({ length: PASSKEY_CHALLENGES_MAX }, (_, n) => ({
      challenge: `c${n}`,
      holder: 'here',
      operator_id: null,
      expires_at: late(n === 7 ? 1 : 2),
    }))
    await app.ledger.db.insertInto('passkey_challenges').values(rows).execute()
    await operators.savePasskeyChallenge(challenge, clock())
    const stored = await app.ledger.db.selectFrom('passkey_challenges').select('challenge').execute()
    expect(stored).toHaveLength(PASSKEY_CHALLENGES_MAX)
    expect(stored.filter((each) => ['abc', 'c7'].includes(each.challenge))).toEqual([{ challenge: 'abc' }])
  })
})

describe('the login', () => {
  it('counts wrong passkeys as wrong passwords, and limits the requests of a network', async () => {
    await operators.addPasskey(ada, keyOf('a'), by())
    const eve = site.operator({ 'x-forwarded-for': '203.0.113.80' })
    const page = await eve.get('/admin/login')
    expect(page.body).toMatch(/<form[^>]* hidden=""[^>]* action="\/admin\/login\/passkey"/)
    const attempts = []
    for (let n = 0; n <= LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      attempts.push((await eve.post(LOGIN, { credential: '{}' })).status)
    expect(attempts).toEqual([...Array(LOGIN_ATTEMPTS_PER_ADDRESS_MAX).fill(403), 429])
    expect((await eve.login(PASSWORD, { email: emailOf('Ada') })).status).toBe(429)
    const asked = []
    for (let n = 0; n <= PASSKEY_CHALLENGES_PER_NETWORK_MINUTE; n += 1)
      asked.push((await eve.post(`${LOGIN}/options`)).status)
    expect(asked).toEqual([...Array(PASSKEY_CHALLENGES_PER_NETWORK_MINUTE).fill(200), 429])
    expect((await site.operator().post(`${LOGIN}/options`)).status).toBe(403)
  })

  it('does not mention passkeys while nobody has one', async () => {
    expect((await site.operator().get('/admin/login')).body).not.toContain('passkey')
  })

  it('has none at an address where browsers allow none, and the account page says so', async () => {
    await operators.addPasskey(ada, keyOf('a'), by())
    const plain = await openAdminSite({ ...app, config: { ...app.config, publicUrl: 'http://papers.example.org' } })
    try {
      const client = await loginAs(plain, 'Ada')
      const { body } = await client.get('/admin/account')
      expect(body).toContain('PUBLIC_URL is http://papers.example.org, so no passkey works here.')
      expect(body).not.toContain('data-passkey')
      expect((await client.post(OPTIONS, { name: 'Phone', current: PASSWORD })).status).toBe(404)
      const login = await plain.operator().get('/admin/login')
      expect([login.body.includes('passkey'), (await plain.operator().post(LOGIN)).status]).toEqual([false, 404])
    } finally {
      await plain.close()
    }
  })
})

describe('the passkeys of an operator', () => {
  it('are limited in number, and belong to one operator', async () => {
    for (let n = 0; n < PASSKEYS_PER_OPERATOR_MAX; n += 1)
      expect(await operators.addPasskey(ada, keyOf(`a${n}`), by())).toBe('added')
    expect(await operators.addPasskey(ada, keyOf('more'), by())).toBe('full')
    expect(await operators.addPasskey(bob, keyOf('a0'), by())).toBe('known')
    const client = await loginAs(site, 'Ada')
    await client.get('/admin/account')
    const { body } = await client.post(OPTIONS, { name: 'Phone', current: PASSWORD })
    expect(body).toContain(`at most ${PASSKEYS_PER_OPERATOR_MAX} passkeys`)
  })

  it('are shown to owners, who remove them with both factors', async () => {
    await operators.addPasskey(ada, keyOf('a'), by())
    const owner = await loginAs(site, 'Bob')
    expect((await owner.get('/admin/operators')).body).toContain('1 passkey<')
    const { status } = await owner.post(`/admin/operators/${ada}/link`, { totp: 'off' })
    expect([status, await passkeysOf(ada)]).toEqual([200, []])
  })

  it('go with the operator, and so do their requests', async () => {
    await operators.addPasskey(ada, keyOf('a'), by())
    await operators.savePasskeyChallenge({ challenge: 'abc', holder: 'here', operatorId: ada }, clock())
    await app.ledger.db.deleteFrom('operators').where('id', '=', ada).execute()
    const count = (table: 'operator_passkeys' | 'passkey_challenges') =>
      app.ledger.db.selectFrom(table).selectAll().execute()
    expect([await count('operator_passkeys'), await count('passkey_challenges')]).toEqual([[], []])
  })

  it('count up: an equal or lower counter is refused, unless the passkey does not count', async () => {
    await operators.addPasskey(ada, keyOf('a'), by())
    const [key] = await operators.listPasskeys(ada)
    const results = []
    for (const counter of [0, 0, 3, 3, 2, 0, 4])
      results.push(await operators.recordPasskeyUse(key?.id ?? '', counter, clock()))
    expect(results).toEqual([true, true, true, false, false, false, true])
  })
})
