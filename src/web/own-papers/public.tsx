import type { FastifyInstance, FastifyReply } from 'fastify'
import { SEED_CHARS_MAX } from '../../../config/limits-subscriptions.ts'
import { say } from '../../language/language.ts'
import { type Proposals, type ProposeDeps, proposeFromWorks } from '../../subscriptions/seeds/propose.ts'
import type { Site } from '../layout/page.ts'
import { sendPrivatePage } from '../layout/site.ts'
import { linesOf, readPosted } from '../requests/posted.ts'
import { acceptUploads } from '../requests/upload.ts'
import { ProposedInterests, SeedForm, SeedReport } from './seed-form.tsx'

/**
 * `/interests/papers` proposes interests from a visitor’s own papers and fills them into the sign-up form, without storing anything.
 */
export async function addPublicOwnPapers(
  scope: FastifyInstance,
  site: Site,
  deps: ProposeDeps,
  limit: object,
): Promise<void> {
  scope.get('/interests/papers', async (_request, reply) => send(reply, site, '', null))
  await scope.register(async (withFiles) => {
    acceptUploads(withFiles, SEED_CHARS_MAX)
    withFiles.post('/interests/papers', { ...limit, bodyLimit: 2 * SEED_CHARS_MAX }, async (request, reply) => {
      const { works, text } = worksIn(readPosted(request))
      return send(reply, site, works, await proposeFromWorks(text, [], deps))
    })
  })
}

/** Returns the list of a posted form: the file, if there is one, else the pasted text, which the page shows again. */
export function worksIn(posted: ReturnType<typeof readPosted>): { readonly works: string; readonly text: string } {
  const works = linesOf(posted, 'works')
  const file = linesOf(posted, 'file')
  // The upload was cut at its limit. The reader of lists then says that it is too long.
  const tail = posted.has('cut') ? ' '.repeat(SEED_CHARS_MAX) : ''
  return { works: works.slice(0, WORKS_SHOWN_CHARS_MAX), text: (file || works) + tail }
}

const WORKS_SHOWN_CHARS_MAX = 20_000

function send(reply: FastifyReply, site: Site, works: string, proposals: Proposals | null) {
  const title = say('seeds.title')
  const content = (
    <>
      <h1>{title}</h1>
      {proposals === null ? <p className="lead">{say('seeds.lead')}</p> : <SeedReport proposals={proposals} />}
      {proposals === null || proposals.interests.length === 0 ? null : (
        <form method="get" action="/subscribe" className="panel stack">
          <ProposedInterests interests={proposals.interests} />
          <div>
            <button type="submit">{say('seeds.use')}</button>
          </div>
        </form>
      )}
      <SeedForm works={works} />
    </>
  )
  return sendPrivatePage(reply, site, { title, canonical: null, current: 'subscribe', content }, statusOf(proposals))
}

/** A list of which nothing can be used is an error. */
export function statusOf(proposals: Proposals | null): 200 | 422 {
  return proposals !== null && proposals.works === 0 ? 422 : 200
}
