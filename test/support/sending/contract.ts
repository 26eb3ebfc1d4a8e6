import { expect } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { DIGEST_HTML_BYTES_MAX } from '../../../config/limits.ts'

/** Holds one parsed digest to everything that every digest promises. */
export function expectDigest(mail: ParsedMail): void {
  const html = typeof mail.html === 'string' ? mail.html : ''
  const text = mail.text ?? ''
  const header = (name: string) =>
    mail.headerLines.filter((line) => line.key === name).map((line) => line.line.replace(/\r?\n\s+/g, ' '))
  const recipients = [mail.to].flat().flatMap((to) => to?.value ?? [])
  expect(recipients).toHaveLength(1)
  expect([mail.cc, mail.bcc]).toEqual([undefined, undefined])
  expect(mail.from?.value[0]?.address).toBe('digest@papers.example.org')
  expect(mail.messageId).toMatch(/^<[^<>@\s]+@papers\.example\.org>$/)
  expect(header('list-id')[0]).toMatch(/<digest\.papers\.example\.org>$/)
  expect(header('list-unsubscribe')[0]).toMatch(/<https:\/\/papers\.example\.org\/unsubscribe\/[A-Za-z0-9._-]+>/)
  expect(header('list-unsubscribe-post')).toEqual(['List-Unsubscribe-Post: List-Unsubscribe=One-Click'])
  expect(header('auto-submitted')).toEqual(['Auto-Submitted: auto-generated'])
  expect(header('feedback-id')).toHaveLength(1)
  expect(mail.subject).toMatch(/\S{2}/)
  expect(Buffer.byteLength(html)).toBeLessThanOrEqual(DIGEST_HTML_BYTES_MAX)
  expect(html.match(/<h1[\s>]/g)).toHaveLength(1)
  expect(html).toMatch(/<html[^>]* lang="en"/)
  expect(html).toMatch(/prefers-color-scheme/)
  expect(html).not.toMatch(/<(script|iframe|object|form|img|link)[\s>]/i)
  expect(html).not.toMatch(/="\s*javascript:|@import|@font-face|url\(/i)
  expect(html).not.toMatch(/\\(textbf|emph|alpha|times|mathbb|url|frac|%)/)
  const links = [...html.matchAll(/href="([^"]*)"/g)].map((match) => match[1] ?? '')
  for (const link of links) expect(link).toMatch(/^https?:\/\//)
  expect(links.filter((link) => link.includes('/unsubscribe/')).length).toBeGreaterThanOrEqual(2)
  const address = recipients[0]?.address ?? ''
  expect(links.some((link) => link.includes(address) || link.includes(encodeURIComponent(address)))).toBe(false)
  expect(text).toMatch(/unsubscribe/i)
  expect(text).toMatch(/Votes as of \d\d:\d\d UTC/)
  expect(html).toMatch(/Votes as of \d\d:\d\d UTC/)
}

/** The ids of the papers that a digest links to, in order, each once. */
export function papersIn(mail: ParsedMail): string[] {
  const html = typeof mail.html === 'string' ? mail.html : ''
  return [
    ...new Set(
      [...html.matchAll(/href="https:\/\/papers\.example\.org\/paper\/([^"]+)"/g)].map((match) =>
        decodeURIComponent(match[1] ?? ''),
      ),
    ),
  ]
}
