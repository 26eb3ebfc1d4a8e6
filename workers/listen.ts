import type { FastifyInstance } from 'fastify'
import { Fault } from '../src/fault.ts'

/** Lets `web` listen, and gives its address; a Fault where `variable` names a port that is taken or not allowed. */
export async function listen(
  web: Pick<FastifyInstance, 'listen' | 'close'>,
  { variable, ...where }: { readonly variable: 'PORT' | 'METRICS_PORT'; readonly port: number; readonly host: string },
): Promise<string> {
  try {
    return await web.listen(where)
  } catch (error) {
    await web.close()
    const { code, message } = error as NodeJS.ErrnoException
    const reason = code === 'EADDRINUSE' ? 'another program listens on it' : message
    throw new Fault(`${variable} ${where.port} cannot be used: ${reason}. Stop what has it, or set another port.`)
  }
}
