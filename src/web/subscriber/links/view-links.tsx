import type { FastifyInstance } from 'fastify'
import { say } from '../../../language/language.ts'
import { findToken } from '../../../security/token-text.ts'
import { TOKEN_PURPOSES, type Tokens } from '../../../security/tokens.ts'
import { createViewTokens } from '../../../security/view-tokens.ts'
import type { Site } from '../../layout/page.ts'
import { sendPlainPage } from './token-pages.tsx'

/**
 * Answers the personal links of a digest that an operator looked at or sent as a test. They have the form of real ones, but
 * belong to nobody: the page says so, and nothing is changed, also when a mail program unsubscribes by one click.
 */
export function addViewLinks(web: FastifyInstance, site: Site, tokens: Tokens): void {
  const viewTokens = createViewTokens(tokens)
  web.addHook('onRequest', async (request, reply) => {
    const [, page = '', text = ''] = /^\/([a-z-]+)\/([^/?].*)$/s.exec(request.url) ?? []
    const purpose = TOKEN_PURPOSES.find((each) => each === page)
    const token = purpose === undefined ? undefined : findToken(text)?.token
    // A key of its own signs them, so no real link costs more than this comparison.
    if (purpose === undefined || !token?.startsWith(viewTokens.keyId)) return
    if (viewTokens.verify(purpose, token) === null) return
    return sendPlainPage(
      reply,
      site,
      say('link.test'),
      <>
        <p className="lead">{say('link.testText')}</p>
        <p>
          <a href="/">{say('link.today')}</a>
        </p>
      </>,
    )
  })
}
