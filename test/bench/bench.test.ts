import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from '@jest/globals'
import { benchDispatch } from '../../bench/sending/dispatching.ts'
import { benchSending } from '../../bench/sending/resend.ts'
import { assertAllLocal } from '../../bench/setup/loopback.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

const common = { rounds: '1', choices: 'own', history: '1', json: true } as const
const local = { database: 'postgres://postgres@127.0.0.1:5432/x', redis: 'redis://127.0.0.1:6379/15' }

describe('a bench', () => {
  it.each([
    ['--database', { database: 'postgres://postgres@db.example.org/x' }],
    ['--database', { database: 'postgres://postgres@127.0.0.1/x?host=db.example.org' }],
    ['--redis', { redis: 'redis://queue.example.org:6379/15' }],
  ])('refuses a %s that is not on this machine, before it touches anything', async (option, elsewhere) => {
    const sizes = { subscribers: '30', warm: '10', scriptMessages: '6' }
    const refusal = { exitCode: 2, message: expect.stringContaining(`${option} must be a`) }
    await expect(benchSending({ ...common, ...sizes, ...local, ...elsewhere })).rejects.toMatchObject(refusal)
    await expect(benchDispatch({ ...common, sizes: '30', ...local, ...elsewhere })).rejects.toMatchObject(refusal)
  })

  it.each([
    ['RESEND_BASE_URL', 'https://api.resend.com'],
    ['SMTP_URL', 'smtp://mail.example.org:587'],
    ['SMTP_URL', 'smtp://127.0.0.1@mail.example.org:587'],
  ])('sends nothing to a %s of anybody', (name, url) => {
    expect(() => assertAllLocal({ [name]: url })).toThrow('is not on this machine')
  })
})

describe('npm run bench -- choice', () => {
  it('reads each of its options, and refuses an option that it does not have', async () => {
    const run = (...args: string[]) =>
      promisify(execFile)(process.execPath, [join(PACKAGE_ROOT, 'dist/bench/main.js'), 'choice', ...args])
    const sizes = ['--subscribers', '20', '--sets', '5', '--papers', '12', '--rounds', '1']
    const { stdout } = await run(...sizes, '--json')
    expect(JSON.parse(stdout)).toMatchObject({ subscribers: 20, sets: 5, papers: 12 })
    await expect(run('--readers', '20')).rejects.toMatchObject({ code: 2 })
  })
})
