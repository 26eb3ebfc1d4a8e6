import { render } from '@react-email/render'
import type { ReactElement } from 'react'

/**
 * A React Email template as HTML. React's own comments are left out: no reader needs them.
 * The document type becomes that of HTML: the XHTML one only selects a quirk for gaps below images, and there are none.
 */
export async function renderReact(element: ReactElement): Promise<string> {
  const html = await render(element)
  return `${html
    .replace(/<!--(?:\/?\$|html|head|body| )-->/g, '')
    .replace(/^<!DOCTYPE [^>]*>/, '<!doctype html>\n')
    .replace(/\s*\n\s*/g, '\n')
    .trim()}\n`
}
