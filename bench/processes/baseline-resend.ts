import { readFileSync } from 'node:fs'
import { render } from '@react-email/render'
import { createElement } from 'react'
import { Resend } from 'resend'
import { type BaselineOptions, sampleAddress, subjectFor } from '../sending/baselines.ts'
import { fixedItem } from '../sending/fixed-batch.ts'
import { type MailPaper, UsualMail } from './usual-mail.tsx'

/** Typical scripts for Resend, and Resend’s own client with nothing to do but send. */
const options = JSON.parse(process.argv[2] ?? '{}') as BaselineOptions
const resend = new Resend('re_bench_key', { baseUrl: options.url })

const WAYS: Readonly<Record<string, () => Promise<void>>> = { bare: sendFixed, usual: sendEach, better: sendChunks }

/** Sends the same bytes to everyone with the batch call. No program that uses this client can be faster. */
async function sendFixed(): Promise<void> {
  const [html, text] = [readFileSync(options.html, 'utf8'), readFileSync(options.text, 'utf8')]
  let next = 0
  const lane = async () => {
    while (next < options.messages) {
      const from = next
      next += options.batch
      const count = Math.min(options.batch, options.messages - from)
      const batch = Array.from({ length: count }, (_, at) => fixedItem(from + at, html, text))
      must(await resend.batch.send(batch, { idempotencyKey: `bench-${from}`, batchValidation: 'permissive' }))
    }
  }
  await Promise.all(Array.from({ length: options.calls }, lane))
}

/** Renders and sends for one subscriber after another. */
async function sendEach(): Promise<void> {
  const papers = readPapers()
  for (let n = 0; n < options.messages; n += 1) must(await resend.emails.send(await renderedItem(n, papers)))
}

/** Renders and sends in chunks of a hundred, one after another. */
async function sendChunks(): Promise<void> {
  const papers = readPapers()
  for (let from = 0; from < options.messages; from += options.batch) {
    const count = Math.min(options.batch, options.messages - from)
    const batch = await Promise.all(Array.from({ length: count }, (_, at) => renderedItem(from + at, papers)))
    must(await resend.batch.send(batch))
  }
}

async function renderedItem(n: number, papers: readonly MailPaper[]) {
  return {
    from: 'Paperround <digest@papers.example.org>',
    to: [sampleAddress(n)],
    subject: subjectFor(n),
    html: await render(createElement(UsualMail, { subscriber: n, papers })),
  }
}

function readPapers(): MailPaper[] {
  return JSON.parse(readFileSync(options.papers, 'utf8')) as MailPaper[]
}

function must({ error }: { readonly error: { readonly message: string } | null }): void {
  if (error !== null) throw new Error(error.message)
}

await WAYS[options.way]?.()
process.send?.('done')
