import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { outboxTransport } from '../../src/mail/outbox.ts'
import { createVerp } from '../../src/mail/verp.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import type { SpamCommands } from '../../src/preview/checks/spam.ts'
import type { PreviewIdentity } from '../../src/preview/composing.ts'
import type { PreviewLedger } from '../../src/preview/preview-mails.ts'
import { createPreview } from '../../src/preview/server.tsx'
import { createReactLoader } from '../../src/preview/templates/react-templates.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'

export const PUBLIC_URL = 'https://papers.example.org'

/** A preview over a copy of the templates, so that a test may break them. */
export interface Bench {
  readonly url: string
  readonly folder: string
  readonly outbox: string
  get(path: string, headers?: Record<string, string>): Promise<{ status: number; body: string; headers: Headers }>
  post(path: string, body: Record<string, string>, headers?: Record<string, string>): ReturnType<Bench['get']>
  /** Replaces words in a template file; fails when they are not there. */
  edit(file: string, from: string, to: string): void
  /** Returns the line of the first occurrence of words in a template file. */
  lineOf(file: string, words: string): number
  restore(): void
  close(): Promise<void>
}

/** Sender, links and name in the mails of a preview. */
export function testIdentity(): PreviewIdentity {
  const tokens = createTokens(['a secret of the tests that is long enough'])
  return {
    brand: { name: 'Paperround', publicUrl: PUBLIC_URL, postalAddress: '1 Example Street, 1010 Vienna' },
    sender: {
      from: { name: 'Paperround', address: 'digest@papers.example.org' },
      replyTo: null,
      listId: 'digest.papers.example.org',
      listName: 'Paperround',
      unsubscribeMailbox: null,
      verp: createVerp(tokens, null),
    },
    links: createLinks(PUBLIC_URL, tokens),
    keyId: tokens.keyId,
  }
}

interface BenchOptions {
  readonly spamCommands?: SpamCommands
  readonly chromium?: string
  /** The only files in the folder, which is then an operator's. */
  readonly own?: readonly string[]
}

export async function openBench(
  ledger: PreviewLedger | null = null,
  { own, ...options }: BenchOptions = {},
): Promise<Bench> {
  const dir = mkdtempSync(join(tmpdir(), 'preview-'))
  const folder = join(dir, 'templates')
  const outbox = join(dir, 'outbox')
  const restore = () => {
    for (const name of own ?? ['.'])
      cpSync(join(PACKAGE_ROOT, 'templates', name), join(folder, name), { recursive: true })
  }
  restore()
  const server: FastifyInstance = await createPreview({
    identity: testIdentity(),
    folder,
    own: own !== undefined,
    engine: 'mjml',
    react: await createReactLoader(),
    ledger,
    noLedger: 'There is no ledger in this test.',
    transport: outboxTransport({ dir: outbox }),
    newId: () => 'test-1',
    token: 'a-token-of-the-tests',
    chromium: null,
    ...options,
  })
  const origin = await server.listen({ port: 0, host: '127.0.0.1' })
  const url = `${origin}/a-token-of-the-tests`
  const ask = async (path: string, init: RequestInit) => {
    const answer = await fetch(path.startsWith('/a-token-of-the-tests') ? origin + path : url + path, {
      redirect: 'manual',
      ...init,
    })
    return { status: answer.status, body: await answer.text(), headers: answer.headers }
  }
  return {
    url,
    folder,
    outbox,
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body, headers = { origin }) => ask(path, { method: 'POST', headers, body: new URLSearchParams(body) }),
    edit(file, from, to) {
      const before = readFileSync(join(folder, file), 'utf8')
      if (!before.includes(from)) throw new Error(`${file} does not hold ${from}`)
      writeFileSync(
        join(folder, file),
        before.replace(from, () => to),
      )
    },
    lineOf: (file, words) => (readFileSync(join(folder, file), 'utf8').split(words)[0] ?? '').split('\n').length,
    restore,
    async close() {
      await server.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}
