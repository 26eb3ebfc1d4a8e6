import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { makeSecret, readSecret } from '../../../src/ledger/embedded/secret.ts'
import { runHere } from '../../support/command.ts'
import { putEmbedded } from '../../support/servers/embedded.ts'

let dir = ''
const secret = () => join(dir, 'secret')
beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'secret-'))
  await putEmbedded(dir)
}, 120_000)
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const paperround = (args: string) => runHere(args.split(' '), { DATA_DIR: dir, LOG_LEVEL: 'silent' }, dir)

const HEX = '0123456789abcdef'.repeat(4)

describe('the secret of a data folder', () => {
  it.each<[string, string, RegExp]>([
    ['empty', '', /is empty, so nothing is signed with it/],
    ['nothing but blanks', '  \n', /is empty/],
    ['a cut hexadecimal one', HEX.slice(0, 63), /is cut off, so nothing is signed with it\. Put it back from a backup/],
    ['a short one of one’s own', 'correct horse battery staple 12', /is cut off/],
  ])('is refused when it is %s', (_what, text, words) => {
    writeFileSync(secret(), text, { mode: 0o600 })
    expect(() => readSecret(dir)).toThrow(words)
    expect(() => makeSecret(dir)).toThrow(words)
    expect(readFileSync(secret(), 'utf8')).toBe(text)
  })

  it('may be chosen by the operator if it is long enough', () => {
    writeFileSync(secret(), 'correct horse battery staple 123\n', { mode: 0o600 })
    expect(readSecret(dir)).toBe('correct horse battery staple 123')
  })

  it('loses the read permission of other users', () => {
    writeFileSync(secret(), HEX)
    chmodSync(secret(), 0o644)
    expect(readSecret(dir)).toBe(HEX)
    expect(statSync(secret()).mode & 0o777).toBe(0o600)
  })

  it.each([
    'subscribers add ada@example.org --consent-note asked',
    'run --source sample --wait',
    'start',
    'digest --to ada@example.org',
    'doctor',
  ])('ends `%s` with one sentence if it is incomplete, and nothing is opened', async (command) => {
    writeFileSync(secret(), HEX.slice(0, 40), { mode: 0o600 })
    const { code, out, err } = await paperround(command)
    expect([code, out + err]).toEqual([1, expect.stringMatching(/The secret .* is cut off, so nothing is signed/)])
    expect(out + err).not.toMatch(/\n\s+at /)
    expect(readdirSync(dir)).not.toContain('owner')
  })

  it('is not created again for a ledger with signed links, because those would become invalid', async () => {
    writeFileSync(secret(), HEX, { mode: 0o600 })
    expect(await paperround('migrate')).toMatchObject({ code: 0 })
    rmSync(secret())
    const { code, err } = await paperround('status')
    expect({ code, err }).toEqual({
      code: 1,
      err: expect.stringMatching(
        /is missing, and this ledger has signed with it\. Put it back from the backup, or set/,
      ),
    })
    expect(readSecret(dir)).toBeNull()
  }, 60_000)
})
