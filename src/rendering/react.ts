import { createElement } from 'react'
import type { MailComponent } from './templates.ts'

/**
 * A React Email template as HTML. React's own comments are left out: no reader needs them.
 * The document type becomes that of HTML: the XHTML one only selects a quirk for gaps below images, and there are none.
 */
export async function renderReact(component: MailComponent, view: object): Promise<string> {
  const { render } = await import('@react-email/render')
  const html = await render(createElement(component, { view }))
  return `${html
    .replace(/<!--(?:\/?\$|html|head|body| )-->/g, '')
    .replace(/^<!DOCTYPE [^>]*>/, '<!doctype html>\n')
    .replace(/\s*\n\s*/g, '\n')
    .trim()}\n`
}
