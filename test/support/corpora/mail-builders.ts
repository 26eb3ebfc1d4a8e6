const lines = (...text: string[]) => text.join('\r\n')

/**
 * Builds a complaint in the Abuse Reporting Format (RFC 5965). The envelope sender is in `Original-Mail-From` when `named`,
 * otherwise only in the returned message.
 */
export function complaintMail(
  returnPath: string,
  { type = 'abuse', named = true, to = 'fbl@example.org', id = 'arf-1' } = {},
): string {
  return lines(
    'From: <abusedesk@example.com>',
    'Date: Tue, 24 Nov 2026 10:00:00 +0000',
    'Subject: FW: 12 papers',
    `To: <${to}>`,
    `Message-ID: <${id}@example.com>`,
    'MIME-Version: 1.0',
    'Content-Type: multipart/report; report-type=feedback-report; boundary="part1"',
    '',
    '--part1',
    'Content-Type: text/plain; charset="US-ASCII"',
    '',
    'This is an email abuse report.',
    '',
    '--part1',
    'Content-Type: message/feedback-report',
    '',
    `Feedback-Type: ${type}`,
    'User-Agent: SomeGenerator/1.0',
    'Version: 1',
    ...(named ? [`Original-Mail-From: <${returnPath}>`, 'Original-Rcpt-To: <ada@example.org>'] : []),
    'Received-Date: Tue, 24 Nov 2026 09:00:05 +0000',
    '',
    '--part1',
    'Content-Type: message/rfc822',
    'Content-Disposition: inline',
    '',
    ...(named ? [] : [`Return-Path: <${returnPath}>`]),
    'From: <digest@papers.example.org>',
    'To: <ada@example.org>',
    'Subject: 12 papers',
    '',
    'Papers',
    '',
    '--part1--',
    '',
  )
}

/** Builds another mail with more header lines. */
export function plainMail(to: string, head: readonly string[], text = 'Hello'): string {
  return lines('From: Ada <ada@example.org>', `To: ${to}`, 'Message-ID: <plain@example.org>', ...head, '', text, '')
}
