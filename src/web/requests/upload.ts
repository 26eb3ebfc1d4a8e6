import { Busboy } from '@fastify/busboy'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { decodeText } from '../../text/decode.ts'

const FIELDS_MAX = 10

/**
 * Accepts one uploaded file per form, as a text field. Other routes accept no files. A value that is too large is cut,
 * and the field `cut` holds its name.
 */
export function acceptUploads(scope: FastifyInstance, bytesMax: number): void {
  scope.removeContentTypeParser('multipart/form-data')
  scope.addContentTypeParser('multipart/form-data', (request: FastifyRequest, payload, done) => {
    readForm(request, payload, bytesMax).then(
      (body) => done(null, body),
      (error: Error) => done(Object.assign(error, { statusCode: 400 })),
    )
  })
}

function readForm(
  request: FastifyRequest,
  payload: NodeJS.ReadableStream,
  bytesMax: number,
): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null)
    const parser = new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      limits: { fields: FIELDS_MAX, files: 1, fileSize: bytesMax, fieldSize: bytesMax },
    })
    parser.on('field', (name, value, _nameCut, valueCut) => {
      fields[name] = value
      if (valueCut) fields.cut = name
    })
    parser.on('file', (name, stream) => {
      const chunks: Buffer[] = []
      stream.on('data', (chunk: Buffer) => chunks.push(chunk))
      stream.on('limit', () => {
        fields.cut = name
      })
      stream.on('end', () => {
        fields[name] = decodeText(Buffer.concat(chunks))
      })
    })
    parser.on('finish', () => resolve(fields))
    parser.on('error', reject)
    payload.on('error', reject)
    payload.pipe(parser)
  })
}
