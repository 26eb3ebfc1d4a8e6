import { Busboy } from '@fastify/busboy'
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { ADMIN_IMPORT_BYTES_MAX } from '../../../../config/limits-web.ts'

const FIELDS_MAX = 10

/**
 * Accepts one uploaded file per form, as a text field. Other routes accept no files. A value that is too large is cut,
 * and the field `cut` holds its name.
 */
export function acceptUploads(admin: FastifyInstance): void {
  admin.removeContentTypeParser('multipart/form-data')
  admin.addContentTypeParser('multipart/form-data', (request: FastifyRequest, payload, done) => {
    readForm(request, payload).then(
      (body) => done(null, body),
      (error: Error) => done(Object.assign(error, { statusCode: 400 })),
    )
  })
}

function readForm(request: FastifyRequest, payload: NodeJS.ReadableStream): Promise<Record<string, string>> {
  return new Promise((resolve, reject) => {
    const fields: Record<string, string> = Object.create(null)
    const parser = new Busboy({
      headers: { ...request.headers, 'content-type': request.headers['content-type'] ?? '' },
      limits: { fields: FIELDS_MAX, files: 1, fileSize: ADMIN_IMPORT_BYTES_MAX, fieldSize: ADMIN_IMPORT_BYTES_MAX },
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
        fields[name] = Buffer.concat(chunks).toString()
      })
    })
    parser.on('finish', () => resolve(fields))
    parser.on('error', reject)
    payload.on('error', reject)
    payload.pipe(parser)
  })
}
