import { dayIn } from '../day.ts'
import { longDay } from '../digest/present.ts'
import { nextDigest } from '../first-digest.ts'
import type { ReaderHistory } from '../ledger/status.ts'
import type { PreferencesView } from './preferences-page.tsx'

/** When the next digest comes, and what became of the last: where none came, why. */
export function ReaderDigests({
  view,
}: {
  readonly view: Pick<PreferencesView, 'reader' | 'history' | 'shelf' | 'now'>
}) {
  const { reader, history } = view
  if (reader.state !== 'active' && history.length === 0) return null
  return (
    <section aria-labelledby="digests">
      <h2 id="digests">Your digests</h2>
      {reader.state === 'active' ? <p>{whenNext(view)}</p> : null}
      {history.length === 0 ? null : (
        <ul className="index">
          {history.map((each) => (
            <li key={each.period}>
              {nameOf(each)}: {becameOf(each)}
            </li>
          ))}
        </ul>
      )}
    </section>
  )
}

function whenNext({
  reader,
  history,
  shelf,
  now,
}: Pick<PreferencesView, 'reader' | 'history' | 'shelf' | 'now'>): string {
  const today = dayIn(reader.timezone, now)
  const isMade = shelf.some(({ day, state }) => day === today && state !== 'failed')
  const had = new Set(history.map(({ period }) => period))
  const { day, hour } = nextDigest(reader, now, had, isMade ? [] : [today])
  const at = `${String(hour).padStart(2, '0')}:00 (${reader.timezone})`
  return `The next comes on ${longDay(day)}, not before ${at}, if there is something new for you by then; else on the next day that has.`
}

function nameOf({ day, period }: ReaderHistory): string {
  return period.includes('W') ? `Week of ${longDay(day)}` : longDay(day)
}

function becameOf({ state, reason, papers }: ReaderHistory): string {
  switch (state) {
    case 'queued':
    case 'sending':
      return 'on its way.'
    case 'sent':
    case 'delivered':
    case 'complained':
      return `${papers} ${papers === 1 ? 'paper' : 'papers'}.`
    case 'skipped':
      return reason === 'nothing-new'
        ? 'no mail, as there was nothing new for you: you had had every paper, or muted it.'
        : 'no mail.'
    case 'bounced':
    case 'refused':
      return 'your mail server did not take it.'
    case 'uncertain':
      return 'it may have been lost on its way.'
  }
}
