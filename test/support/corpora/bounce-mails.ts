import { readMails } from './read-corpus.ts'

/** Reports in the formats of mail systems, sent to the envelope sender of the message. */
export const BOUNCE_MAILS = readMails<'bounced' | 'soft-bounced' | 'delayed'>('bounce-mails.txt').map(
  ({ kind, verdict, raw }) => ({
    system: kind,
    event: verdict,
    raw: (to: string) => raw.replaceAll('{to}', to).replaceAll('{TO}', to.toUpperCase()),
  }),
)
