import { userInfo } from 'node:os'
import { afterAll, expect, it } from '@jest/globals'
import { withLedger } from '../../src/cli/context.ts'
import { runProgram } from '../../src/cli/program.ts'
import { openInstallation, QUICKEST } from '../support/app.ts'
import { commandContext } from '../support/command.ts'

const place = await openInstallation(QUICKEST, { publicUrl: 'https://papers.example.org/daily/' })
afterAll(() => place.close())

/** Runs a command. Returns its exit code and what it said. */
async function say(args: string): Promise<string> {
  const context = commandContext(place)
  const { code } = await runProgram(['node', 'paperround', ...args.split(' ')], context)
  return `${code} ${context.said.join('\n')}`
}

/** Gives Ada a passkey. */
async function addKey(): Promise<void> {
  await withLedger(commandContext(place), async ({ operators }) => {
    const account = await operators.findAccount('ada@example.org')
    const key = { credentialId: 'YQ', userHandle: 'YQ', publicKey: 'YQ', counter: 0, name: 'Laptop' }
    await operators.addPasskey(account?.id ?? '', key, { actor: { who: 'Ada', address: null }, at: new Date() })
    return 0
  })
}

it.each<[string, RegExp]>([
  ['operators add nobody --name Ada --role owner', /“nobody” is not a usable address/],
  ['operators add ada@example.org --name Ada --role king', /--role king is not a role\. Use viewer, editor, owner\./],
  ['operators add ada@example.org --name ada@x.org --role owner', /--name must be a name without an address/],
  ['operators add ada@example.org --role owner', /required option '--name/],
])('%s is refused with a remedy', async (args, words) => {
  const said = await say(args)
  expect([said[0], words.test(said)]).toEqual(['2', true])
})

it('adds accounts, resets, disables and enables them, and never the last owner', async () => {
  expect(await say('operators list')).toContain('0 There are no accounts. Add one with: paperround operators add')
  const added = await say('operators add ada@example.org --name Ada --role owner')
  expect(added).toMatch(/^0 This link sets the password of Ada\. It works once, until 20\d\d-\d\d-\d\d \d\d:\d\d UTC:/)
  expect(added).toMatch(/https:\/\/papers\.example\.org\/daily\/admin\/invitation\/[\w.-]+/)
  expect(await say('operators add ADA@example.org --name Ada --role owner')).toMatch(/^1 .*already has an account/)
  expect(await say('operators reset bob@example.org')).toMatch(/^1 bob@example\.org has no account/)
  expect(await say('operators list')).toMatch(
    /^0 owner {3}invited {3}ada@example\.org {2}Ada, two-factor off, 0 passkeys/,
  )
  expect(await say('operators disable ada@example.org')).toMatch(/^0 ada@example\.org is disabled\./)
  expect(await say('operators reset ada@example.org')).toMatch(/^1 .*First run: paperround operators enable/)
  expect(await say('operators enable ada@example.org')).toMatch(/^0 /)
  expect(await say('operators reset ada@example.org --two-factor')).toContain('/admin/invitation/')
  await addKey()
  expect(JSON.parse((await say('operators list --json')).slice(2))).toEqual([
    {
      email: 'ada@example.org',
      name: 'Ada',
      role: 'owner',
      state: 'invited',
      twoFactor: false,
      passkeys: 1,
      lastLoginAt: null,
    },
  ])
})

it('removes the passkeys of an account, whose device was lost', async () => {
  const gone = 'operators remove-passkeys ada@example.org'
  expect(await say(gone)).toBe('0 Removed 1 passkey of ada@example.org, and ended the sessions.')
  expect(await say(gone)).toBe('0 ada@example.org has no passkeys.')
  await addKey()
  expect(await say('operators reset ada@example.org')).not.toContain('Removed')
  expect(await say('operators reset ada@example.org --two-factor')).toContain('Removed 1 passkey.')
})

it('is named in the audit log with the caller of sudo, or the system user', async () => {
  const { commandLine } = await import('../../src/domain/actor.ts')
  const name = userInfo().username
  expect(commandLine({}).who).toBe(`command line (${name})`)
  expect(commandLine({ SUDO_USER: 'anna' }).who).toBe('command line (anna, by sudo)')
  expect(commandLine({ SUDO_USER: 'LAB\\anna.k' }).who).toBe('command line (LAB\\anna.k, by sudo)')
  for (const SUDO_USER of ['', 'anna\nbob', 'a, b)', 'x'.repeat(99)])
    expect(commandLine({ SUDO_USER }).who).toBe(`command line (${name})`)
})
