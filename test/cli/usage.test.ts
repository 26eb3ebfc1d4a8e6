import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { openCommandFolder } from '../support/command-folder.ts'

const { dir, paperround } = await openCommandFolder('usage-')

describe('wrong usage', () => {
  it.each<[string, Record<string, string>, RegExp]>([
    ['frobnicate', {}, /unknown command/],
    ['runn', {}, /Did you mean run\?/],
    ['run --date 2025-13-45', {}, /--date 2025-13-45 is not a day. Write it as YYYY-MM-DD/],
    ['run --wait --give-up-after soon', {}, /--give-up-after soon is not a duration\. .*such as 90s, 10m or 2h/],
    ['run --give-up-after 10m', {}, /--give-up-after is for a command that waits\. Add --wait/],
    ['run --source reddit', {}, /--source reddit is not known. Use huggingface, arxiv, sample or file:PATH/],
    ['run --only nobody', {}, /“nobody” is not a usable address: the address has no @/],
    ['digest', {}, /required option '--to/],
    [
      'digest --to a@x.org --out /dev/null/deeper',
      {},
      /--out \/dev\/null\/deeper cannot be written to: .*Name another folder/,
    ],
    ['subscribers add a@x.org,b@y.org', {}, /must be a single one/],
    ['subscribers add a@x.org --timezone Mars', {}, /time zone “Mars” is not known/],
    [
      'subscribers add a@x.org --hour 24 --frequency hourly',
      {},
      /frequency “hourly”[\s\S]*hour “24” is not a whole number from 0 to 23/,
    ],
    ['subscribers import nowhere.csv', {}, /nowhere.csv does not exist/],
    ['subscribers import .', {}, /\. is a folder\. Name one CSV file/],
    ['run --date 0000-01-01', {}, /--date 0000-01-01 is not a day/],
    ['run', { MAIL_TRANSPORT: 'pigeon', PORT: 'abc' }, /PORT must be[\s\S]*MAIL_TRANSPORT must be/],
  ])(
    '%s %j exits with 2 and a remedy, and starts nothing',
    async (args, env, words) => {
      const { code, out, err } = await paperround(args, { DATA_DIR: 'untouched', ...env })
      expect({ code, out }).toEqual({ code: 2, out: '' })
      expect(err).toMatch(words)
      expect(err).not.toMatch(/\n\s+at /) // No stack trace.
      expect(existsSync(join(dir, 'untouched'))).toBe(false)
    },
    300_000,
  )

  it.each<[string, Record<string, string>, RegExp]>([
    [
      'status',
      { DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none', SECRET: 'x'.repeat(32) },
      /DATABASE_URL cannot be used: .*Check that the server runs/,
    ],
    ['status', { DATA_DIR: '/dev/null' }, /DATA_DIR cannot be used: .*Name a folder that this user may write to/],
    ['status', { DATA_DIR: '/dev/null/deeper' }, /DATA_DIR cannot be used: .*Name a folder/],
    ['status', { DATA_DIR: '/proc/deeper' }, /DATA_DIR cannot be used: .*Name a folder/],
    ['run --source file:/no/such.json --wait', {}, /no\/such.json does not exist/],
    ['run --source sample --only nobody@example.org', {}, /There is no subscriber nobody@example.org/],
    ['dispatch --date 2020-01-01', {}, /There is no edition of 2020-01-01 yet.* Publish it with/],
    ['edition --date 2020-01-01', {}, /There is no edition of 2020-01-01/],
    ['pause --date 2020-01-01', {}, /There is no edition of 2020-01-01/],
    ['subscribers export no/such/folder.csv', {}, /no\/such\/folder.csv cannot be written: ENOENT/],
  ])(
    '%s %j exits with 1 and a remedy',
    async (args, env, words) => {
      const { code, out, err } = await paperround(args, env)
      expect(code).toBe(1)
      expect(out + err).toMatch(words)
      expect(err).not.toMatch(/\n\s+at /)
    },
    300_000,
  )

  it('a malformed recording fails with its name and creates no edition', async () => {
    writeFileSync(join(dir, 'broken.json'), '[{"paper": ')
    const { code, out } = await paperround('run --date 2025-01-02 --source file:broken.json --wait')
    expect(code).toBe(1)
    expect(out).toMatch(/broken.json/)
    expect((await paperround('dispatch --date 2025-01-02')).code).toBe(1)
  }, 300_000)

  it('publish fails when a source is down, even if the edition exists', async () => {
    writeFileSync(join(dir, 'broken.json'), '[{"paper": ')
    expect((await paperround('publish --date 2025-01-03 --source sample')).code).toBe(0)
    const { code, out } = await paperround('publish --date 2025-01-03 --source file:broken.json')
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/is not changed, .*broken.json/) })
  }, 300_000)

  it('--help lists every command', async () => {
    const { code, out } = await paperround('--help')
    expect(code).toBe(0)
    for (const command of [
      'start',
      'web',
      'scheduler',
      'worker',
      'run',
      'publish',
      'dispatch',
      'work',
      'edition',
      'digest',
      'subscribers',
      'pause',
      'resume',
      'cancel',
      'status',
      'migrate',
      'reconcile',
      'doctor',
    ]) {
      expect(out).toMatch(new RegExp(`^  ${command}\\b`, 'm'))
    }
  })
})
