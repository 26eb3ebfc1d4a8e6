import type { FastifyInstance } from 'fastify'
import { UserError } from '../../../src/platform/errors.ts'

/**
 * Starts to listen and returns the URL. Throws a UserError if the port or HOST cannot be used; `variable` names the setting of
 * the port.
 */
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
    throw new UserError(
      `${variable} ${where.port} cannot be used: ${PORT_FAULTS.get(code ?? '') ?? `${message}. Set another port.`}`,
    )
  }
}

/** Reasons and remedies by system error. */
const PORT_FAULTS: ReadonlyMap<string, string> = new Map([
  ['EADDRINUSE', 'another program listens on it. Stop that program, or set another port.'],
  ['EACCES', 'this user may not listen on it. Ports below 1024 usually need special rights. Set another port.'],
])

/** System errors for an address that this machine does not have, and for an unknown host name. */
const HOST_CODES: ReadonlySet<string> = new Set(['EADDRNOTAVAIL', 'ENOTFOUND', 'EAI_AGAIN', 'EAFNOSUPPORT', 'EINVAL'])
