import { say } from '../../language/language.ts'
import { sayWith } from '../../language/markup.ts'
import type { SignUpFields } from '../../subscriptions/sign-up.ts'
import type { SubscribeResult } from '../../subscriptions/subscribe.ts'
import { SubscribeForm } from './subscribe-form.tsx'

interface SubscribePageProps {
  readonly values: SignUpFields
  readonly formToken: string
  readonly spellingChecked: boolean
  readonly now: Date
  /** Why the form is shown again, or null at first. */
  readonly answer: Exclude<SubscribeResult, { kind: 'accepted' | 'busy' }> | null
}

/** The subscribe form on its own page, with errors and the values that were entered. */
export function SubscribePage({ values, formToken, spellingChecked, answer, now }: SubscribePageProps) {
  return (
    <>
      <h1>{answer?.kind === 'misspelt' ? say('subscribe.isCorrect') : say('subscribe.title')}</h1>
      <Answer answer={answer} values={values} formToken={formToken} />
      {answer?.kind === 'misspelt' ? <h2>{say('subscribe.orEdit')}</h2> : null}
      <div className="panel">
        <SubscribeForm
          values={values}
          faults={answer?.kind === 'faults' ? answer.faults : {}}
          formToken={formToken}
          work={answer?.kind === 'work' ? { bits: answer.bits, slowWayIsOpen: answer.slowWay !== 'full' } : null}
          spellingChecked={spellingChecked}
          now={now}
        />
      </div>
    </>
  )
}

function Answer({ answer, values, formToken }: Pick<SubscribePageProps, 'answer' | 'values' | 'formToken'>) {
  switch (answer?.kind) {
    case undefined:
      return <p className="lead">{say('subscribe.lead')}</p>
    case 'faults': {
      const count = Object.keys(answer.faults).length
      return (
        <p className="message bad" role="alert">
          {say('subscribe.faults', { count })}
        </p>
      )
    }
    case 'stale':
      return (
        <p className="message" role="alert">
          {sayWith('subscribe.stale', { b: (text) => <b>{text}</b> })}
        </p>
      )
    case 'work':
      return <ProofOfWorkNotice slowWay={answer.slowWay} />
    case 'misspelt':
      return <SpellingQuestion values={values} meant={answer.meant} formToken={formToken} />
  }
}

/** Explains the proof of work, and how to subscribe without JavaScript. */
function ProofOfWorkNotice({ slowWay }: Pick<Extract<SubscribeResult, { kind: 'work' }>, 'slowWay'>) {
  return (
    <div className="message" role="alert">
      <p>{say('work.why')}</p>
      <p>
        {slowWay === 'full'
          ? say('work.needsScript')
          : sayWith(
              'work.slowWay',
              { b: (text) => <b>{text}</b> },
              { minutes: slowWay.minutes, time: clockTime(slowWay.from) },
            )}
      </p>
    </div>
  )
}

function clockTime(at: Date): string {
  return at.toISOString().slice(11, 16)
}

/** Offers the suggested address and the typed one. */
function SpellingQuestion({ values, meant, formToken }: { values: SignUpFields; meant: string; formToken: string }) {
  return (
    <form className="stack panel" method="post" action="/subscribe">
      <p className="lead">
        {sayWith('subscribe.didYouMean', { b: (text) => <b>{text}</b> }, { meant, typed: values.email })}
      </p>
      {(['interests', 'frequency', 'timezone', 'hour'] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={values[name]} />
      ))}
      <input type="hidden" name="form" value={formToken} />
      <input type="hidden" name="spelling" value="checked" />
      <div className="actions">
        <button type="submit" name="email" value={meant}>
          {say('subscribe.use', { address: meant })}
        </button>
        <button type="submit" name="email" value={values.email} className="quiet">
          {say('subscribe.keep', { address: values.email })}
        </button>
      </div>
    </form>
  )
}

/** The page after every accepted sign-up. It must not reveal whether an address is known. */
export function AcceptedPage({ sender }: { readonly sender: string }) {
  return (
    <section className="notice-page">
      <h1>{say('page.checkInbox')}</h1>
      <p className="lead">{say('accepted.lead', { sender })}</p>
      <p>{say('accepted.text')}</p>
      <p className="soft">{say('accepted.limit')}</p>
      <p>
        <a href="/">{say('link.today')}</a>
      </p>
    </section>
  )
}

/** Names the limit that was reached. The text does not depend on the address. */
export function BusyPage({ because }: { readonly because: Extract<SubscribeResult, { kind: 'busy' }>['because'] }) {
  return (
    <section className="notice-page">
      <h1>{say('busy.title')}</h1>
      <p className="lead">{say('busy.lead', { because })}</p>
      <p>{say('busy.text')}</p>
      <p>
        <a href="/">{say('link.today')}</a>
      </p>
    </section>
  )
}
