import { execFile } from 'node:child_process'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from '@jest/globals'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'

const run = promisify(execFile)

/** A process of the built program’s own handlers, in which something goes wrong that nobody waits for. */
async function processIn(script: string): Promise<{ code: number; out: string; err: string }> {
  const module = join(PACKAGE_ROOT, 'dist/src/cli/output/unhandled.js')
  const whole = `
    const { ignoreStrayRejections } = await import(${JSON.stringify(module)})
    const { EventEmitter } = await import('node:events')
    ignoreStrayRejections(process, { err: (line) => process.stderr.write(line + '\\n') })
    setTimeout(() => console.log('still here'), 20)
    ${script}`
  return run(process.execPath, ['--input-type=module', '-e', whole]).then(
    ({ stdout, stderr }) => ({ code: 0, out: stdout, err: stderr }),
    ({ code, stdout, stderr }) => ({ code, out: stdout, err: stderr }),
  )
}

const LOST = `Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' })`

it.each([
  [
    'a lost connection that is told to nobody',
    `new EventEmitter().emit('error', ${LOST})`,
    'A connection was lost: read ECONNRESET.\n',
  ],
  ['a rejection that nobody waits for', `Promise.reject(${LOST})`, 'A connection was lost: read ECONNRESET.\n'],
  [
    'a rejection of another kind',
    `Promise.reject(new TypeError('x is undefined'))`,
    'Unexpected failure: x is undefined\n',
  ],
])('%s is one line, and the process goes on', async (_what, script, err) => {
  expect(await processIn(script)).toEqual({ code: 0, out: 'still here\n', err })
})

it('an exception that nothing can catch ends the process, in one line too', async () => {
  expect(await processIn(`setTimeout(() => { throw new TypeError('x is undefined') })`)).toEqual({
    code: 1,
    out: '',
    err: 'Unexpected failure: x is undefined\n',
  })
})
