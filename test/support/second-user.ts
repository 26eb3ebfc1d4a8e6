import { execFile } from 'node:child_process'

/** A user of the machine who is not the one that runs Paperround; tests can only be another user when they run as root. */
export const SECOND_USER = process.geteuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : null

export type Attempt =
  | { readonly connect: string | number; readonly password?: string }
  | { readonly read: string }
  | { readonly write: string }

/** Returns the result of each attempt of the second user: `in`, `done`, or the code of the refusal. */
export function asSecondUser(attempts: readonly Attempt[]): Promise<string[]> {
  return new Promise((resolve, reject) => {
    execFile(
      process.execPath,
      ['-e', PROGRAM, JSON.stringify(attempts)],
      { ...SECOND_USER, cwd: '/', env: {} },
      (error, stdout) => (error === null ? resolve(JSON.parse(stdout)) : reject(error)),
    )
  })
}

/** Needs nothing but Node, as the second user may not be able to read the repository. */
const PROGRAM = `
const { connect } = require('node:net')
const { readFileSync, readdirSync, statSync, writeFileSync } = require('node:fs')
const greeting = Buffer.from('\\0\\0\\0\\x17\\0\\x03\\0\\0user\\0postgres\\0\\0', 'latin1')
const answerOf = (target, password) => new Promise((resolve) => {
  const socket = typeof target === 'number' ? connect(target, '127.0.0.1') : connect(target)
  let heard = ''
  const end = (answer) => { socket.destroy(); resolve(answer) }
  socket.on('error', ({ code }) => end(code))
  socket.on('connect', () => socket.write(greeting))
  socket.on('close', () => end(/C([0-9A-Z]{5})\\0/.exec(heard)?.[1] ?? 'closed'))
  socket.on('data', (data) => {
    heard += data.toString('latin1')
    if (heard.startsWith('R\\0\\0\\0\\x08\\0\\0\\0\\0')) end('in')
    else if (heard.startsWith('R\\0\\0\\0\\x08\\0\\0\\0\\x03') && password !== undefined) {
      const message = Buffer.from('p0000' + password + '\\0')
      message.writeInt32BE(message.length - 1, 1)
      socket.write(message)
      password = undefined
      heard = ''
    } else if (heard.startsWith('R') && password === undefined) end('asked for a password')
  })
})
const fileOf = (work) => { try { work(); return 'done' } catch ({ code }) { return code } }
;(async () => {
  const answers = []
  for (const { connect: target, password, read, write } of JSON.parse(process.argv[1])) {
    if (target !== undefined) answers.push(await answerOf(target, password))
    else if (read !== undefined) answers.push(fileOf(() => statSync(read).isDirectory() ? readdirSync(read) : readFileSync(read)))
    else answers.push(fileOf(() => writeFileSync(write, '')))
  }
  process.stdout.write(JSON.stringify(answers))
})()
`
