import { readFileSync } from 'node:fs'
import { render } from '@react-email/render'
import { Queue, Worker } from 'bullmq'
import { Redis } from 'ioredis'
import pg from 'pg'
import { createElement } from 'react'
import { Resend } from 'resend'
import { type BaselineOptions, sampleAddress, subjectFor } from '../sending/baselines.ts'
import { type MailPaper, UsualMail } from './usual-mail.tsx'

/** BullMQ as in tutorials: one job for each subscriber. The worker renders, sends and inserts a row. */
const options = JSON.parse(process.argv[2] ?? '{}') as BaselineOptions & {
  readonly database: string
  readonly redis: string
}
const QUEUE = 'tutorial'
const papers = JSON.parse(readFileSync(options.papers, 'utf8')) as MailPaper[]
const resend = new Resend('re_bench_key', { baseUrl: options.url })
const pool = new pg.Pool({ connectionString: options.database })
const connection = new Redis(options.redis, { maxRetriesPerRequest: null })
await pool.query(
  'create table if not exists tutorial_sent (email text, provider_id text, at timestamptz default now())',
)

const worker = new Worker(
  QUEUE,
  async ({ data: { n } }: { data: { n: number } }) => {
    const { data, error } = await resend.emails.send({
      from: 'Paperround <digest@papers.example.org>',
      to: [sampleAddress(n)],
      subject: subjectFor(n),
      html: await render(createElement(UsualMail, { subscriber: n, papers })),
    })
    if (error !== null) throw new Error(error.message)
    await pool.query('insert into tutorial_sent (email, provider_id) values ($1, $2)', [sampleAddress(n), data.id])
  },
  { connection, concurrency: 10 },
)
let done = 0
const finished = new Promise<void>((resolve, reject) => {
  worker.on('failed', (_job, error) => reject(error))
  worker.on('completed', () => {
    done += 1
    if (done === options.messages) resolve()
  })
})
const queue = new Queue(QUEUE, { connection })
for (let n = 0; n < options.messages; n += 1) await queue.add('send', { n })
await finished
await worker.close()
await queue.obliterate({ force: true })
await queue.close()
connection.disconnect()
await pool.query('drop table tutorial_sent')
await pool.end()
process.send?.('done')
