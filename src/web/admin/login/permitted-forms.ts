import type { Role } from '../../../domain/operator.ts'
import { mayRequest } from './roles.ts'

/**
 * Removes the forms and buttons of a page that would only answer “not allowed”. The server refuses them anyway. Doing it here, once,
 * covers every page. Matching is safe: forms do not nest, and React escapes angle brackets and quotes in text.
 */
export function withoutForbidden(html: string, role: Role): string {
  if (role === 'owner') return html
  const without = html
    .replace(/<form\b([^>]*)>.*?<\/form>/gs, (form, attributes: string) =>
      isPermittedForm(attributes, role) ? form : '',
    )
    .replace(/<a\b([^>]*)>.*?<\/a>/gs, (link, attributes: string) => (isForbiddenButton(attributes, role) ? '' : link))
  return without.replace(EMPTY_DETAILS, '').replace(EMPTY_COLUMNS, '')
}

function isPermittedForm(attributes: string, role: Role): boolean {
  const path = attribute(attributes, 'action')
  const method = attribute(attributes, 'method').toUpperCase() || 'GET'
  // A form without an address shows the same page with another query.
  return path === '' || !path.startsWith('/admin') || mayRequest(role, method, path)
}

function isForbiddenButton(attributes: string, role: Role): boolean {
  const path = attribute(attributes, 'href')
  return path.startsWith('/admin') && /\bclass="[^"]*\bbutton\b/.test(attributes) && !mayRequest(role, 'GET', path)
}

function attribute(attributes: string, name: string): string {
  return new RegExp(`\\b${name}="([^"]*)"`).exec(attributes)?.[1] ?? ''
}

const EMPTY_DETAILS = /<details[^>]*><summary[^>]*>[^<]*<\/summary><\/details>/g
const EMPTY_COLUMNS = /<div class="columns"><\/div>/g
