import { readFileSync } from 'node:fs'
import { Agent, type IncomingMessage, request } from 'node:http'
import type { BaselineOptions } from '../sending/baselines.ts'
import { fixedItem } from '../sending/fixed-batch.ts'

/**
 * Posts batch bodies that are ready before the first call, over connections that stay open. It has no ledger, no queue and no
 * JSON, so it is the limit of any program with Node’s HTTP client on this machine.
 */
const options = JSON.parse(process.argv[2] ?? '{}') as BaselineOptions
const agent = new Agent({ keepAlive: true })
const [html, text] = [readFileSync(options.html, 'utf8'), readFileSync(options.text, 'utf8')]
let next = 0
// Each call has its own body, so that they do not all fit into the cache of the processor.
const bodies = Array.from({ length: options.calls }, (_, lane) =>
  Buffer.from(
    JSON.stringify(
      Array.from({ length: options.batch }, (_item, at) => fixedItem(lane * options.batch + at, html, text)),
    ),
  ),
)
await Promise.all(bodies.map(postInTurn))
agent.destroy()
process.send?.('done')

async function postInTurn(body: Buffer): Promise<void> {
  while (next < options.messages) {
    const from = next
    next += options.batch
    await post(body, `ready-${from}`)
  }
}

function post(body: Buffer, key: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const headers = { 'content-type': 'application/json', 'content-length': body.length, 'idempotency-key': key }
    const call = request(
      `${options.url}/emails/batch`,
      { agent, method: 'POST', headers },
      (answer: IncomingMessage) => {
        answer
          .resume()
          .on('end', () => (answer.statusCode === 200 ? resolve() : reject(new Error(`${answer.statusCode}`))))
      },
    )
    call.on('error', reject)
    call.end(body)
  })
}
