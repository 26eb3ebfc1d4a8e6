import type { FastifyInstance } from 'fastify'
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
      'This link belongs to a test',
      <>
        <p className="lead">
          An operator looked at this digest or sent it as a test. Its personal links belong to no subscription, so
          nothing was changed.
        </p>
        <p>
          <a href="/">Today’s papers</a>
        </p>
      </>,
    )
  })
}
