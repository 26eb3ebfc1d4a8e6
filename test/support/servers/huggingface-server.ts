import { createServer } from 'node:http'
import { listen } from './ports.ts'

/** A paper of a list, with the time at which it is added and its votes per hour. */
export interface ListedPaper {
  readonly id: string
  readonly at: string
  readonly votesPerHour: number
}

/**
 * Hugging Face’s daily lists on loopback, as they are at the minute of the clock: a day that has not begun is refused, a list
 * is empty until its first paper comes, and papers and votes grow.
 */
export async function startHuggingface(clock: () => Date) {
  const lists = new Map<string, readonly ListedPaper[]>()
  const asked: string[] = []
  /** The name of the field with the votes, which a new version of the API may change. */
  const votes = { field: 'upvotes' }
  const server = createServer((request, response) => {
    const day = new URL(request.url ?? '', 'http://x').searchParams.get('date') ?? ''
    asked.push(day)
    const now = clock()
    if (day > now.toISOString().slice(0, 10)) {
      response.writeHead(400).end('{"error":"Invalid date"}')
      return
    }
    const items = (lists.get(day) ?? [])
      .filter(({ at }) => Date.parse(at) <= now.getTime())
      .map(({ id, at, votesPerHour }) => ({
        paper: {
          id,
          title: `On ${id}`,
          summary: 'It is studied here at length.',
          authors: [{ name: 'Ada L.' }],
          [votes.field]: 1 + Math.floor(((now.getTime() - Date.parse(at)) / 3_600_000) * votesPerHour),
          submittedOnDailyAt: `${day}T00:00:00.000Z`,
        },
      }))
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(items))
  })
  const port = await listen(server)
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    lists,
    votes,
    asked,
    async stop() {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
