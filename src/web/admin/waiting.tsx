import type { PauseKind } from '../../mail/outcome.ts'
import { explainWaiting, type Waiting } from '../../pipeline/alerts/waiting.ts'
import { withCode } from './layout/with-code.tsx'

/** Lists waiting deliveries with their reasons. Shows nothing when none wait. */
export function WaitingList({ waiting, at }: { readonly waiting: readonly Waiting[]; readonly at: Date }) {
  if (waiting.length === 0) return null
  return (
    <section aria-labelledby="waiting">
      <h2 id="waiting">Waiting deliveries</h2>
      <ul className="waits">
        {waiting.map((each) => (
          <WaitingItem key={`${each.why} ${each.mail} ${each.transport} ${each.reason}`} waiting={each} at={at} />
        ))}
      </ul>
    </section>
  )
}

function WaitingItem({ waiting, at }: { readonly waiting: Waiting; readonly at: Date }) {
  const [tone, word] = tagOf(waiting)
  const { what, words, next } = explainWaiting(waiting, at)
  return (
    <li>
      <p>
        <span className={`tag ${tone}`}>{word}</span> {what}.
      </p>
      {words === null ? null : <blockquote>{words}</blockquote>}
      <p className="soft">{withCode(next)}</p>
    </li>
  )
}

const PAUSES: Readonly<Record<PauseKind, readonly [tone: string, word: string]>> = {
  rate: ['', 'rate limit'],
  quota: ['bad', 'quota exceeded'],
  down: ['bad', 'unreachable'],
  sender: ['bad', 'sender rejected'],
}

function tagOf({ why, kind }: Waiting): readonly [tone: string, word: string] {
  switch (why) {
    case 'transport-paused':
      return PAUSES[kind ?? 'down']
    case 'deferred':
      return ['', 'deferred']
    case 'unanswered':
      return ['warn', 'no answer']
    case 'edition-paused':
      return ['', 'edition paused']
  }
}
