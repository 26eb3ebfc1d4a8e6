import { readFileSync } from 'node:fs'
import { createTransport } from 'nodemailer'
import { SMTP_CONNECTIONS_DEFAULT } from '../../config/limits.ts'
import { type BaselineOptions, sampleAddress, subjectFor } from '../sending/baselines.ts'

/** Nodemailer with nothing to do but send, and nodemailer in typical scripts. */
const options = JSON.parse(process.argv[2] ?? '{}') as BaselineOptions & { readonly port: number }
const FROM = 'digest@papers.example.org'
const server = { host: '127.0.0.1', port: options.port, ignoreTLS: true }
const html = readFileSync(options.html, 'utf8')
const text = readFileSync(options.text, 'utf8')

const WAYS: Readonly<Record<string, () => Promise<void>>> = { ready: sendReady, loop: sendLoop, pool: sendPooled }

/** Sends ready MIME over a pool with as many connections as Paperround’s. */
async function sendReady(): Promise<void> {
  const raw = readFileSync(options.mime)
  await overPool((n) => ({ envelope: { from: FROM, to: sampleAddress(n) }, raw }))
}

/** Loops over the first example of nodemailer’s manual: one connection for each message, one after another. */
async function sendLoop(): Promise<void> {
  const transport = createTransport(server)
  for (let n = 0; n < options.messages; n += 1) await transport.sendMail(mailFor(n))
}

/** Sends the same over a pool, all connections at once. */
async function sendPooled(): Promise<void> {
  await overPool(mailFor)
}

function mailFor(n: number) {
  return { from: FROM, to: sampleAddress(n), subject: subjectFor(n), html, text }
}

async function overPool(mail: (n: number) => object): Promise<void> {
  const pool = createTransport({
    pool: true,
    ...server,
    maxConnections: SMTP_CONNECTIONS_DEFAULT,
    maxMessages: Number.POSITIVE_INFINITY,
  })
  let next = 0
  const lane = async () => {
    while (next < options.messages) {
      const n = next
      next += 1
      await pool.sendMail(mail(n))
    }
  }
  await Promise.all(Array.from({ length: SMTP_CONNECTIONS_DEFAULT * 2 }, lane))
  pool.close()
}

await WAYS[options.way]?.()
process.send?.('done')
