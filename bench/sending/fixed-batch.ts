import { sampleAddress, subjectFor } from './baselines.ts'

/** Returns one item of a batch call, with Paperround’s headers, so that the body has the same length. */
export function fixedItem(n: number, html: string, text: string) {
  return {
    from: '"Paperround" <digest@papers.example.org>',
    to: [sampleAddress(n)],
    replyTo: '"Paperround" <digest@papers.example.org>',
    subject: subjectFor(n),
    html,
    text,
    headers: {
      'Message-ID': `<digest.2026-11-25.${n}@papers.example.org>`,
      'List-Id': 'Paperround <digest.papers.example.org>',
      'List-Unsubscribe': `<https://papers.example.org/unsubscribe/1.${n}.01234567890123456789012345678901>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Feedback-ID': '2026-11-25:daily:digest:digest.papers.example.org',
      'Auto-Submitted': 'auto-generated',
    },
    tags: [
      { name: 'kind', value: 'digest' },
      { name: 'message', value: `d-${n}-0123456789` },
    ],
  }
}
