import { type Role, reaches } from '../../../domain/operator.ts'

/**
 * The least role of every route of Admin. A viewer reads every page, addresses of subscribers included. An editor changes editions
 * and subscribers, and sends. Only an owner exports, erases, and manages operators. A route that is not listed is for owners only.
 */
export const ROUTE_ROLES: Readonly<Record<string, Role>> = {
  'GET /admin': 'viewer',
  'GET /admin/live': 'viewer',
  'GET /admin/editions': 'viewer',
  'GET /admin/editions/:day': 'viewer',
  'GET /admin/editions/:day/look/mail': 'viewer',
  'GET /admin/editions/:day/look/mail.eml': 'viewer',
  'GET /admin/readers': 'viewer',
  'GET /admin/readers/:id': 'viewer',
  'GET /admin/readers/:id/history': 'viewer',
  'GET /admin/readers/bulk/jobs': 'viewer',
  'GET /admin/readers/bulk/jobs/:id': 'viewer',
  'GET /admin/segments': 'viewer',
  'GET /admin/deliveries': 'viewer',
  'GET /admin/suppressions': 'viewer',
  'GET /admin/queues': 'viewer',
  'GET /admin/record': 'viewer',

  // One’s own account.
  'POST /admin/logout': 'viewer',
  'GET /admin/account': 'viewer',
  'POST /admin/account/password': 'viewer',
  'POST /admin/account/sessions/end': 'viewer',
  'POST /admin/account/sessions/end-others': 'viewer',
  'GET /admin/account/two-factor': 'viewer',
  'POST /admin/account/two-factor/start': 'viewer',
  'POST /admin/account/two-factor/confirm': 'viewer',
  'POST /admin/account/two-factor/codes': 'viewer',
  'POST /admin/account/two-factor/off': 'viewer',
  'POST /admin/account/passkeys': 'viewer',
  'POST /admin/account/passkeys/options': 'viewer',
  'POST /admin/account/passkeys/remove': 'viewer',

  'POST /admin/pause': 'editor',
  'POST /admin/resume': 'editor',
  'POST /admin/cancel': 'editor',
  'POST /admin/approve': 'editor',
  'POST /admin/open-transports': 'editor',
  'POST /admin/retry-refused': 'editor',
  'POST /admin/uncertain-resend': 'editor',
  'POST /admin/uncertain-sent': 'editor',
  'GET /admin/confirm/cancel': 'editor',
  'GET /admin/confirm/resend': 'editor',
  'POST /admin/editions/:day': 'editor',
  'POST /admin/editions/:day/canary': 'editor',
  'POST /admin/editions/:day/test-send': 'editor',
  'POST /admin/readers': 'editor',
  'GET /admin/readers/new': 'editor',
  'GET /admin/readers/:id/edit': 'editor',
  'POST /admin/readers/:id/edit': 'editor',
  'POST /admin/readers/:id/address': 'editor',
  'POST /admin/readers/:id/consent': 'editor',
  'POST /admin/readers/:id/pause': 'editor',
  'POST /admin/readers/:id/resume': 'editor',
  'POST /admin/readers/:id/unsubscribe': 'editor',
  'POST /admin/readers/:id/resubscribe': 'editor',
  'POST /admin/readers/:id/suppress': 'editor',
  'POST /admin/readers/:id/lift': 'editor',
  'POST /admin/readers/:id/confirm': 'editor',
  'POST /admin/readers/:id/link': 'editor',
  'GET /admin/readers/bulk': 'editor',
  'POST /admin/readers/bulk': 'editor',
  'POST /admin/readers/bulk/jobs/:id/stop': 'editor',
  'GET /admin/segments/new': 'editor',
  'POST /admin/segments': 'editor',
  'POST /admin/segments/:id/delete': 'editor',
  'GET /admin/readers/import': 'editor',
  'POST /admin/readers/import': 'editor',
  'POST /admin/suppressions/add': 'editor',
  'POST /admin/suppressions/lift': 'editor',

  'POST /admin/readers/:id/erase': 'owner',
  'POST /admin/readers/export': 'owner',
  'POST /admin/record/export': 'owner',
  'GET /admin/sessions': 'owner',
  'POST /admin/logout-everywhere': 'owner',
  'GET /admin/operators': 'owner',
  'POST /admin/operators': 'owner',
  'POST /admin/operators/first': 'owner',
  'POST /admin/operators/:id/role': 'owner',
  'POST /admin/operators/:id/link': 'owner',
  'POST /admin/operators/:id/disable': 'owner',
  'POST /admin/operators/:id/enable': 'owner',
  'POST /admin/operators/:id/withdraw': 'owner',
}

/** Returns the name of a route in the table, such as `GET /admin/readers/:id`. */
export function routeName(method: string, path: string): string {
  return `${method === 'HEAD' ? 'GET' : method} ${path.replace(/(?<=.)\/$/, '')}`
}

/** Returns the least role of a registered route. */
export function leastRole(method: string, pattern: string): Role {
  return ROUTE_ROLES[routeName(method, pattern)] ?? 'owner'
}

/** Returns whether a role may request a path, such as `/admin/readers/12/erase`. */
export function mayRequest(role: Role, method: string, path: string): boolean {
  const name = routeName(method, path.replace(/[?#].*$/, ''))
  // A route without parameters comes before one with them, as in Fastify.
  const found = ROUTE_ROLES[name] ?? PATTERNS.find(({ pattern }) => pattern.test(name))?.least ?? 'owner'
  return reaches(role, found)
}

const PATTERNS = Object.entries(ROUTE_ROLES)
  .filter(([name]) => name.includes(':'))
  .map(([name, least]) => ({ pattern: new RegExp(`^${name.replace(/:\w+/g, '[^/]+')}$`), least }))
