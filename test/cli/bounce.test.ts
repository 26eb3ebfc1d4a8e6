import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { runCommand } from '../support/command.ts'

let dir = ''
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'bounce-'))
})
afterAll(() => rmSync(dir, { recursive: true, force: true }))

const paperround = (args: string, env: Record<string, string> = {}) =>
  runCommand(args.split(' '), { LOG_LEVEL: 'silent', ...env }, dir)

describe('bounce', () => {
  const mails = join(PACKAGE_ROOT, 'test/mail/inbound/bounces')
  const files = ['reports/dsn-unknown-user.eml', 'no-bounces/vacation.eml'].map((name) => join(mails, name))

  it('prints how each mail would be classified, without configuration and without writing a file', async () => {
    const result = await paperround(`bounce ${files.join(' ')} --json`, { MAIL_TRANSPORT: 'pigeon' })
    expect(result).toMatchObject({ code: 0, err: '' })
    expect(
      result.out
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    ).toEqual([
      { file: files[0], verdict: 'permanent', reason: '550 5.1.1 no such user here' },
      { file: files[1], verdict: 'ignore', reason: 'it is an automatic answer' },
    ])
    expect((await paperround(`bounce ${files[0]}`)).out).toBe(`${files[0]}: permanent: 550 5.1.1 no such user here\n`)
    expect(existsSync(join(dir, '.paperround'))).toBe(false)
  })

  it('names unreadable files, classifies the others, and exits with 2', async () => {
    const result = await paperround(`bounce nowhere.eml . ${files[1]} --json`)
    expect(result.code).toBe(2)
    expect(result.err).toBe('nowhere.eml does not exist.\n. is not a file. Name files with one mail each.\n')
    expect(JSON.parse(result.out).verdict).toBe('ignore')
  })
})
