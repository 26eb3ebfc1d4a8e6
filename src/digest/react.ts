import { render } from '@react-email/render'
import type { ReactElement } from 'react'

/**
 * A React Email template as HTML. React's own boundary comments are left out: no reader needs them,
 * and they differ between versions.
 */
export async function renderReact(element: ReactElement): Promise<string> {
  const html = await render(element)
  return `${html
    .replace(/<!--\/?\$-->|<!-- -->/g, '')
    .replace(/\s*\n\s*/g, '\n')
    .trim()}\n`
}
