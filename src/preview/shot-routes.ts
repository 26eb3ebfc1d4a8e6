import type { FastifyInstance } from 'fastify'
import { PREVIEW_SHOT_MS_MAX, PREVIEW_SHOTS_WAITING_MAX } from '../../config/limits-web.ts'
import { UserError } from '../platform/errors.ts'
import { createLane } from '../platform/lane.ts'
import type { TemplateEngine } from '../rendering/digest/props.ts'
import type { PreviewMails } from './preview-mails.ts'
import { fileName, previewPath, readPreviewQuery, widthOf } from './query.ts'
import { takeScreenshot } from './screenshots.ts'

interface ShotDeps {
  readonly mails: PreviewMails
  readonly engine: TemplateEngine
  /** First part of every URL. */
  readonly token: string
  /** Path of Chromium, or null to try the usual places. */
  readonly chromium: string | null
}

type QueryRequest = { Querystring: Record<string, unknown> }

/** Adds a picture of the shown mail, at its width and in its colours. */
export function addShots(server: FastifyInstance, { mails, engine, token, chromium }: ShotDeps): void {
  const lane = createLane({ concurrency: 1, waitingMax: PREVIEW_SHOTS_WAITING_MAX })
  server.get<QueryRequest>('/shot.png', async (request, reply) => {
    const settings = readPreviewQuery(request.query, engine)
    const mail = await mails.mail(settings)
    if (mail.kind !== 'mail') return reply.status(404).type('text/plain').send('There is no mail to take a picture of.')
    const url = `http://127.0.0.1:${request.socket.localPort}/${token}${previewPath('/mail', settings)}`
    const options = { url, width: widthOf(settings), chromium, msMax: PREVIEW_SHOT_MS_MAX }
    try {
      const shot = await lane.run(0, () => takeScreenshot(options))
      if (shot.kind === 'full')
        return reply.status(503).type('text/plain').send('Other pictures are being taken. Try again in a minute.')
      return reply
        .header('content-disposition', `attachment; filename="${fileName(settings)}.png"`)
        .type('image/png')
        .send(shot.value)
    } catch (error) {
      if (!(error instanceof UserError)) throw error
      return reply.status(501).type('text/plain; charset=utf-8').send(error.message)
    }
  })
}
