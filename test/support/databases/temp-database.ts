import { randomUUID } from 'node:crypto'
import { Redis } from 'ioredis'
import pg from 'pg'

/** Makes an empty database on a server. `drop` removes it, also while it is in use. */
export async function createDatabase(server: string): Promise<{ url: string; drop: () => Promise<void> }> {
  const name = `paperround_${randomUUID().replaceAll('-', '')}`
  await withPostgres(server, (client) => client.query(`create database ${name}`))
  const url = new URL(server)
  url.pathname = `/${name}`
  return {
    url: url.toString(),
    drop: async () => {
      await withPostgres(server, (client) => client.query(`drop database if exists ${name} with (force)`))
    },
  }
}

/** Connects to a database for as long as the work takes. */
export async function withPostgres<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  // When the server is killed, the query fails too.
  client.on('error', () => {})
  await client.connect()
  try {
    return await work(client)
  } finally {
    await client.end()
  }
}

/** Connects to a Redis once, without trying again, for as long as the work takes. */
export async function withRedis<T>(url: string, work: (client: Redis) => Promise<T>): Promise<T> {
  const client = await connectRedis(url)
  try {
    return await work(client)
  } finally {
    client.disconnect()
  }
}

/** Connects to a Redis once, without trying again. */
export async function connectRedis(url: string): Promise<Redis> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => {})
  await client.connect()
  return client
}
