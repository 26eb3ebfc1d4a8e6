import type { Config } from '../../config/config.ts'
import { QUEUE_POOL_MAX } from '../../config/limits-processes.ts'
import { openPool } from '../../src/ledger/connection/database.ts'
import { whileOwnersChange } from '../../src/ledger/connection/reconnecting-pool.ts'
import { connectRedis, preparePostgresQueue, type QueueConnection } from '../../src/queue/connection.ts'
import type { Jobs, QueueName } from '../../src/queue/queues.ts'
import type { App } from './app.ts'
import type { OpenLedger } from './ledger.ts'

/** Opens the queue in Redis if REDIS_URL is set, else in PostgreSQL. */
export async function openQueueConnection(
  config: Config,
  ledger: OpenLedger,
): Promise<{ queue: QueueConnection; close(): Promise<void> }> {
  if (config.redisUrl !== null) {
    const queue = await connectRedis(config.redisUrl)
    return {
      queue,
      close: async () => {
        if (queue.kind === 'redis') queue.redis.disconnect()
      },
    }
  }
  const pool = openPool(ledger.address, { schema: 'bullmq', max: QUEUE_POOL_MAX })
  const queue = await whileOwnersChange(ledger.address, () => preparePostgresQueue(pool))
  return { queue, close: () => pool.end() }
}

/** Returns a function that adds a job without waiting. A lost job does no harm, because reconcile finds its row in the ledger. */
export function addingSoon({ queues, log }: Pick<App, 'queues' | 'log'>) {
  return <N extends QueueName>(name: N, job: Jobs[N]): void => {
    queues
      .add(name, [job])
      .catch((error: Error) => log.warn({ reason: error.message }, 'could not add a job; reconcile adds it later'))
  }
}
