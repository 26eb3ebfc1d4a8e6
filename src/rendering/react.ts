import { createElement } from 'react'
import { fillColours, type MailLook } from './brand/mail-look.ts'
import { OUTLOOK_SETTINGS } from './mjml-document.ts'
import type { MailComponent } from './templates.ts'

/**
 * Renders a React Email template to HTML without React's comments. Replaces the XHTML document type by that of HTML:
 * XHTML only affects gaps below images, and there are none.
 */
export async function renderReact(component: MailComponent, view: { readonly look: MailLook }): Promise<string> {
  const { render } = await import('@react-email/render')
  const html = await render(createElement(component, { view }))
  return `${fillColours(html, view.look)
    .replace(/<!--(?:\/?\$|html|head|body| )-->/g, '')
    .replace(/<(?:div|meta) data-outlook="(\w+)"(?:\/>|><\/div>)/g, (_, name: string) => outlookComment(name))
    .replace(/^<!DOCTYPE [^>]*>/, '<!doctype html>\n')
    .replace(/\s*\n\s*/g, '\n')
    .trim()}\n`
}

/** Returns what only Outlook reads, as MJML writes it. Outlook needs a table with a width, because it knows no `max-width`. */
function outlookComment(name: string): string {
  if (name === 'head') return `<!--[if mso]>${OUTLOOK_SETTINGS}<![endif]-->`
  if (name === 'end') return '<!--[if mso | IE]></td></tr></table><![endif]-->'
  return `<!--[if mso | IE]><table align="center" border="0" cellpadding="0" cellspacing="0" role="presentation" style="width:${name}px" width="${name}"><tr><td><![endif]-->`
}
