import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'

/** Reads a text file of this folder. */
export const readCorpus = (name: string) => readFileSync(join(PACKAGE_ROOT, 'test/support/corpora', name), 'utf8')

/** Reads mails, each after a line `=== verdict: kind`. */
export const readMails = <Verdict extends string>(name: string) =>
  readCorpus(name)
    .split(/^=== /m)
    .slice(1)
    .map((entry) => {
      const [, verdict = '', kind = '', raw = ''] = /^([\w-]+): ([^\n]*)\n(.*)\n$/s.exec(entry) ?? []
      return { kind, verdict: verdict as Verdict, raw: raw.replaceAll('\n', '\r\n') }
    })
