import { scryptSync } from 'node:crypto'
import type { App } from '../../../workers/app/app.ts'
import { startWeb } from '../../../workers/web.ts'

export const PASSWORD = 'a sentence of the tests'
/** Its hash at an eighth of the usual cost: the tests log in often. */
export const PASSWORD_HASH = hashOf(PASSWORD)

export interface AdminAnswer {
  readonly status: number
  readonly body: string
  readonly location: string
  readonly cookies: readonly string[]
  readonly headers: Headers
}

/** A browser without pictures: it keeps cookies, reads the hidden fields of forms and follows nothing. */
export interface TestOperator {
  get(path: string): Promise<AdminAnswer>
  /** Posts with the CSRF token of the page that was shown last. */
  post(path: string, fields?: Record<string, string>): Promise<AdminAnswer>
  /** Posts exactly this. */
  postRaw(path: string, body: string | FormData, headers?: Record<string, string>): Promise<AdminAnswer>
  /** Follows the redirect of `post` to the page with the note. */
  act(path: string, fields?: Record<string, string>): Promise<string>
  login(password?: string, fields?: Record<string, string>): Promise<AdminAnswer>
  readonly jar: Map<string, string>
  readonly csrf: () => string
}

export interface AdminSite {
  readonly url: string
  operator(headers?: Record<string, string>): TestOperator
  close(): Promise<void>
}

/** The real web process of an app, and operators who come to it. */
export async function openAdminSite(app: App): Promise<AdminSite> {
  const web = await startWeb(app, { host: '127.0.0.1' })
  return { url: web.url, operator: (headers = {}) => createOperator(web.url, headers), close: () => web.close() }
}

function createOperator(url: string, popularity: Record<string, string>): TestOperator {
  const jar = new Map<string, string>()
  let csrf = ''
  const ask = async (path: string, init: RequestInit = {}): Promise<AdminAnswer> => {
    const cookie = [...jar].map(([name, value]) => `${name}=${value}`).join('; ')
    const answer = await fetch(url + path, {
      redirect: 'manual',
      ...init,
      headers: { ...popularity, cookie, ...(init.headers as Record<string, string> | undefined) },
    })
    const cookies = answer.headers.getSetCookie()
    for (const line of cookies) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? []
      if (/Max-Age=0/.test(line)) jar.delete(name)
      else jar.set(name, value)
    }
    const body = await answer.text()
    csrf = /name="csrf" value="([^"]+)"/.exec(body)?.[1] ?? csrf
    return {
      status: answer.status,
      body,
      location: answer.headers.get('location') ?? '',
      cookies,
      headers: answer.headers,
    }
  }
  const postRaw: TestOperator['postRaw'] = (path, body, headers = {}) =>
    ask(path, {
      method: 'POST',
      body,
      headers: typeof body === 'string' ? { 'content-type': 'application/x-www-form-urlencoded', ...headers } : headers,
    })
  const post: TestOperator['post'] = (path, fields = {}) =>
    postRaw(path, new URLSearchParams({ csrf, ...fields }).toString())
  return {
    jar,
    csrf: () => csrf,
    get: (path) => ask(path),
    post,
    postRaw,
    async act(path, fields) {
      const answer = await post(path, fields)
      if (answer.status !== 303) throw new Error(`${path} answered ${answer.status}: ${answer.body.slice(0, 2_000)}`)
      return (await ask(answer.location)).body
    },
    async login(password = PASSWORD, fields = {}) {
      await ask('/admin/login')
      const answer = await post('/admin/login', { password, ...fields })
      // The first page behind the door brings the session's own token.
      if (answer.status === 303) await ask('/admin/sessions')
      return answer
    },
  }
}

function hashOf(password: string): string {
  const salt = Buffer.from('salt of the tests')
  const key = scryptSync(password, salt, 32, { N: 2 ** 12, r: 8, p: 1 })
  return ['scrypt', 2 ** 12, 8, 1, salt.toString('base64url'), key.toString('base64url')].join('$')
}
