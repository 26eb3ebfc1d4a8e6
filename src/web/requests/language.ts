import type { FastifyInstance } from 'fastify'
import { inLanguage, language, openLanguage } from '../../language/language.ts'

/** Names the language of each page that a reader sees (RFC 9110 §8.5). */
export function addLanguage(web: FastifyInstance): void {
  web.addHook('onSend', async (_request, reply) => {
    const type = String(reply.getHeader('content-type') ?? '')
    if (!reply.hasHeader('content-language') && /^(?:text\/(?:html|plain)|application\/(?:atom|feed))/.test(type))
      reply.header('content-language', language().locale)
  })
}

/** Writes the pages of a scope in English, whatever language readers see: operators read the same words as in the docs. */
export function keepEnglish(scope: FastifyInstance): void {
  const english = openLanguage('en')
  // After the body is read, because its events would leave the language again.
  scope.addHook('preValidation', (_request, reply, done) => {
    reply.header('content-language', 'en')
    inLanguage(english, done)
  })
}
