import { readFileSync } from 'node:fs'
import { Resend } from 'resend'

/** What a rival script is told: whom to send to, how often, and the bytes. */
export interface RivalOrder {
  readonly kind: 'bare-sdk'
  readonly url: string
  readonly letters: number
  readonly html: string
  readonly text: string
  /** Calls under way at a time. */
  readonly calls: number
}

const order = JSON.parse(process.argv[2] ?? '{}') as RivalOrder

/** Resend’s own client, sending the same bytes to everyone by its batch call: the limit of whoever uses it. */
async function bareSdk({ url, letters, calls, ...files }: RivalOrder): Promise<void> {
  const resend = new Resend('re_bench_key', { baseUrl: url })
  const [html, text] = [readFileSync(files.html, 'utf8'), readFileSync(files.text, 'utf8')]
  let next = 0
  const lane = async () => {
    while (next < letters) {
      const from = next
      next += 100
      const to = Math.min(from + 100, letters)
      const batch = Array.from({ length: to - from }, (_, at) => itemFor(from + at, html, text))
      const { error } = await resend.batch.send(batch, {
        idempotencyKey: `bench-${from}`,
        batchValidation: 'permissive',
      })
      if (error !== null) throw new Error(error.message)
    }
  }
  await Promise.all(Array.from({ length: calls }, lane))
}

function itemFor(n: number, html: string, text: string) {
  return {
    from: '"Paperround" <digest@papers.example.org>',
    to: [`reader.${n}@example-${n % 997}.org`],
    replyTo: '"Paperround" <digest@papers.example.org>',
    subject: 'Sparse retrieval meets diffusion models, and 99 more papers of today',
    html,
    text,
    headers: {
      'Message-ID': `<digest.2026-11-25.${n}@papers.example.org>`,
      'List-Id': 'Paperround <digest.papers.example.org>',
      'List-Unsubscribe': `<https://papers.example.org/unsubscribe/1.${n}.01234567890123456789012345678901>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Feedback-ID': '2026-11-25:daily:digest:digest.papers.example.org',
      'Auto-Submitted': 'auto-generated',
    },
    tags: [
      { name: 'kind', value: 'digest' },
      { name: 'letter', value: `d-${n}-0123456789` },
    ],
  }
}

await bareSdk(order)
process.send?.('done')
