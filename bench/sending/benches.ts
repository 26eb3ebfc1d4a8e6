import { benchEverything } from '../everything.ts'
import type { Report } from '../report.ts'
import type { CommonOptions } from '../setup/settings.ts'
import { benchDispatch, type DispatchReport } from './dispatching.ts'
import { benchSending } from './resend.ts'
import { benchSmtp, type SmtpOptions } from './smtp.ts'
import { benchChoices, benchLedgers, benchWorkers } from './variations.ts'

/** The options of all benches of sending. */
export interface SendingOptions extends CommonOptions {
  readonly scriptMessages: string
  readonly loopMessages: string
  readonly sink: SmtpOptions['sink']
  readonly sizes: string
}

interface SendingBench {
  readonly says: string
  readonly defaults: Readonly<Record<string, string>>
  readonly run: (options: SendingOptions) => Promise<readonly (Report | DispatchReport)[]>
}

/** The benches of sending, each with its help and the defaults of its own options. */
export const SENDING: Readonly<Record<string, SendingBench>> = {
  sending: {
    says: 'the Resend path against Resend’s own client, ready bodies and typical scripts',
    defaults: { subscribers: '10000', warm: '2000', scriptMessages: '300' },
    run: benchSending,
  },
  smtp: {
    says: 'the SMTP path against nodemailer and postfix’s smtp-source',
    defaults: { subscribers: '5000', warm: '1000', loopMessages: '500', sink: 'both' },
    run: benchSmtp,
  },
  everything: {
    says: 'everything but the provider call: claim, choose, compose, settle, queue',
    defaults: { subscribers: '10000', warm: '2000' },
    run: benchEverything,
  },
  choices: {
    says: 'the same papers for everyone against everyone their own',
    defaults: { subscribers: '10000', warm: '2000' },
    run: benchChoices,
  },
  ledgers: {
    says: 'PostgreSQL and Redis, PostgreSQL alone, and the embedded PGlite',
    defaults: { subscribers: '5000', warm: '1000' },
    run: benchLedgers,
  },
  workers: {
    says: 'one, two and four worker processes',
    defaults: { subscribers: '10000', warm: '4000' },
    run: benchWorkers,
  },
  dispatch: {
    says: 'a whole morning of a long list: time to the first mail, memory of each process, bytes of the ledger',
    defaults: { sizes: '20000' },
    run: benchDispatch,
  },
}

export const OPTION_HELP: Readonly<Record<string, string>> = {
  subscribers: 'messages that are measured',
  warm: 'messages of the warm-up before them',
  scriptMessages: 'messages of the scripts that render with React',
  loopMessages: 'messages of the scripts that build MIME',
  sink: 'where SMTP goes: ours, postfix or both',
  sizes: 'subscribers, comma-separated, such as 100000,1000000',
}
