import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { FastifyInstance } from 'fastify'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'

export interface Route {
  readonly method: 'GET' | 'POST'
  /** The registered path, such as `/admin/readers/:id`. */
  readonly path: string
}

/** Returns every GET and POST route of a website from Fastify's route tree. */
export function routesOf(web: FastifyInstance): Route[] {
  const routes: Route[] = []
  const above: string[] = []
  for (const line of web.printRoutes({ commonPrefix: false }).split('\n')) {
    const [, indent = '', part = '', methods = ''] =
      /^((?:[│ ] {3})*)[├└]── (.*?)(?: \(([A-Z, ]+)\))?$/.exec(line) ?? []
    if (part === '') continue
    const depth = indent.length / 4
    above.splice(depth)
    const path = `${above.join('')}${part}`
    above[depth] = part
    for (const method of ['GET', 'POST'] as const)
      if (methods.split(', ').includes(method)) routes.push({ method, path: part === '*' ? wildcard(web) : path })
  }
  return routes
}

/** Fastify's tree omits the prefix of a wildcard. There is one such route. */
function wildcard(web: FastifyInstance): string {
  if (!web.hasRoute({ method: 'GET', url: '/paper/*' }))
    throw new Error('the website has another wildcard: name it here')
  return '/paper/:rest'
}

/** The names of all form fields and query parameters of the website. */
export function fieldNames(): string[] {
  const folder = join(PACKAGE_ROOT, 'src/web')
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.tsx?$/.test(file))
    .flatMap((file) => [
      ...readFileSync(join(folder, file), 'utf8').matchAll(
        /\bname="([\w-]+)"|\bquery\.(\w+)|(?:field|firstOf|linesOf)\(\w+, '([\w-]+)'\)/g,
      ),
    ])
    .map(([, ...found]) => found.find((name) => name !== undefined) ?? '')
  return [...new Set(names)].filter((name) => name !== 'csrf')
}

/** Percent-encoded values that our forms never send. */
export const HOSTILE_VALUES: Readonly<Record<string, string>> = {
  NUL: 'a%00b',
  'half of a surrogate pair': 'a%ED%A0%80b',
  'bytes that are no UTF-8': '%FF%FE',
  'a broken escape': '%zz%',
  'an impossible day': '275760-09-13',
  'a day before all days': '0000-00-00',
  'a day that no month has': '2026-02-30',
  'a number beyond 64 bits': '9223372036854775808',
  'a number that is none': '1e309',
  'a name of every object': '__proto__',
  'a word that is in no list': 'frobnicate',
  nothing: '',
  'marks that turn the text': '%E2%80%AE%E2%80%A8%F0%9F%92%A5',
  'SQL and a path': "'%22;--%25_%5C..%2F..%2Fetc",
}

/** The values of a field, one for each request. The first combines several kinds of hostile text. */
const FORM_VALUES: readonly string[] = [
  'a%00b%ED%A0%80%FF%zz%E2%80%AE%E2%80%A8%F0%9F%92%A5%22;--%25_%5C..%2F',
  '%00',
  '275760-09-13',
  '0000-00-00',
  '9223372036854775808',
  '1e309',
  '__proto__',
  '',
]

/** The query strings and urlencoded forms of a test. Each contains every name. */
export function hostileForms(names: readonly string[]): Readonly<Record<string, string>> {
  const each = (write: (name: string) => string) => names.map(write).join('&')
  return {
    ...Object.fromEntries(FORM_VALUES.map((value) => [`“${value}”`, each((name) => `${name}=${value}`)])),
    'every name twice': each((name) => `${name}=2026-11-24&${name}=b`),
    'lists and operators': `${each((name) => `${name}[]=a&${name}[$gt]=&${name}[__proto__][x]=1`)}&&==&=%00=&__proto__=1`,
  }
}
