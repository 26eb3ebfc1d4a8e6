import type { FastifyInstance } from 'fastify'
import { UserError } from '../../../src/platform/errors.ts'

/** Lets `web` listen, and gives its address; a Fault where `variable` names a port, or HOST an address, that cannot be had. */
export async function listen(
  web: Pick<FastifyInstance, 'listen' | 'close'>,
  { variable, ...where }: { readonly variable: 'PORT' | 'METRICS_PORT'; readonly port: number; readonly host: string },
): Promise<string> {
  try {
    return await web.listen(where)
  } catch (error) {
    await web.close()
    const { code, message } = error as NodeJS.ErrnoException
    if (HOST_CODES.has(code ?? ''))
      throw new UserError(
        `HOST ${where.host} cannot be used: ${message}. Set an address of this machine, or 0.0.0.0 for all of them.`,
      )
    const reason = code === 'EADDRINUSE' ? 'another program listens on it' : message
    throw new UserError(`${variable} ${where.port} cannot be used: ${reason}. Stop what has it, or set another port.`)
  }
}

/** Errors of the system for an address that is not this machine's, or of a name that it does not know. */
const HOST_CODES: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL'])
