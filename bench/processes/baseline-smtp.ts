import { readFileSync } from 'node:fs'
import { createTransport } from 'nodemailer'
import { SMTP_CONNECTIONS_DEFAULT } from '../../config/limits.ts'
import { type BaselineOptions, sampleAddress, subjectFor } from '../sending/baselines.ts'

/** Nodemailer with nothing to do but send, and as people use it. */
const order = JSON.parse(process.argv[2] ?? '{}') as BaselineOptions & { readonly port: number }
const FROM = 'digest@papers.example.org'
const server = { host: '127.0.0.1', port: order.port, ignoreTLS: true }
const html = readFileSync(order.html, 'utf8')
const text = readFileSync(order.text, 'utf8')

const WAYS: Readonly<Record<string, () => Promise<void>>> = { ready: sendReady, loop: sendLoop, pool: sendPooled }

/** Ready MIME over a pool of as many connections as ours. */
async function sendReady(): Promise<void> {
  const raw = readFileSync(order.mime)
  await overPool((n) => ({ envelope: { from: FROM, to: sampleAddress(n) }, raw }))
}

/** The first example of nodemailer’s manual in a loop: a connection for each letter, one after the other. */
async function sendLoop(): Promise<void> {
  const transport = createTransport(server)
  for (let n = 0; n < order.messages; n += 1) await transport.sendMail(mailFor(n))
}

/** The same over a pool, as many at a time as it has connections. */
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
    while (next < order.messages) {
      const n = next
      next += 1
      await pool.sendMail(mail(n))
    }
  }
  await Promise.all(Array.from({ length: SMTP_CONNECTIONS_DEFAULT * 2 }, lane))
  pool.close()
}

await WAYS[order.way]?.()
process.send?.('done')
