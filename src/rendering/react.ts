import { createElement } from 'react'
import type { MailComponent } from './templates.ts'

/**
 * Renders a React Email template to HTML without React's comments. Replaces the XHTML document type by that of HTML:
 * XHTML only affects gaps below images, and there are none.
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
