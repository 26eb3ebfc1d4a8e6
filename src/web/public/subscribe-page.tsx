import type { SignUpFields } from '../../subscriptions/sign-up.ts'
import type { SubscribeResult } from '../../subscriptions/subscribe.ts'
import { SubscribeForm } from './subscribe-form.tsx'

interface JoinPageProps {
  readonly values: SignUpFields
  readonly formToken: string
  readonly spellingChecked: boolean
  /** Why the form is shown again; null when it is shown first. */
  readonly answer: Exclude<SubscribeResult, { kind: 'accepted' | 'busy' }> | null
}

/** The form on a page of its own: first, or with what is still to be done and everything that was typed. */
export function SubscribePage({ values, formToken, spellingChecked, answer }: JoinPageProps) {
  return (
    <>
      <h1>{answer?.kind === 'misspelt' ? 'Is the address right?' : 'Subscribe'}</h1>
      <Word answer={answer} values={values} formToken={formToken} />
      {answer?.kind === 'misspelt' ? <h2>Or change what you typed</h2> : null}
      <div className="panel">
        <SubscribeForm
          values={values}
          faults={answer?.kind === 'faults' ? answer.faults : {}}
          formToken={formToken}
          work={answer?.kind === 'work' ? { bits: answer.bits, slowWayIsOpen: answer.slowWay !== 'full' } : null}
          spellingChecked={spellingChecked}
        />
      </div>
    </>
  )
}

function Word({ answer, values, formToken }: Pick<JoinPageProps, 'answer' | 'values' | 'formToken'>) {
  switch (answer?.kind) {
    case undefined:
      return <p className="lead">The day’s trending papers in your inbox, those on your interests first.</p>
    case 'faults': {
      const count = Object.keys(answer.faults).length
      return (
        <p className="message bad" role="alert">
          {count === 1 ? 'One thing is' : `${count} things are`} not right yet. Nothing was sent; what you typed is
          below.
        </p>
      )
    }
    case 'stale':
      return (
        <p className="message" role="alert">
          This form had been open for very long, or was sent within a moment. Please press <b>Subscribe</b> once more.
        </p>
      )
    case 'work':
      return <Work slowWay={answer.slowWay} />
    case 'misspelt':
      return <Spelling values={values} meant={answer.meant} formToken={formToken} />
  }
}

/** Says what the browser does now, and how to subscribe where it cannot. */
function Work({ slowWay }: Pick<Extract<SubscribeResult, { kind: 'work' }>, 'slowWay'>) {
  return (
    <div className="message" role="alert">
      <p>
        Many people are signing up right now. Your browser does a small sum first, which shows that no machine is
        filling other people’s inboxes. It takes some seconds, and then the form is sent by itself.
      </p>
      <p>
        {slowWay === 'full' ? (
          'The sum needs JavaScript. Where it is off, please come back in an hour.'
        ) : (
          <>
            The sum needs JavaScript. Where it is off, leave this page open and press <b>Subscribe without the sum</b>{' '}
            {slowWay.minutes === 0 ? 'now' : `in ${slowWay.minutes} minutes, at ${clockTime(slowWay.from)} UTC`}.
          </>
        )}
      </p>
    </div>
  )
}

function clockTime(at: Date): string {
  return at.toISOString().slice(11, 16)
}

/** One button takes the suggestion, the other keeps what was typed; both end the question. */
function Spelling({ values, meant, formToken }: { values: SignUpFields; meant: string; formToken: string }) {
  return (
    <form className="stack panel" method="post" action="/subscribe">
      <p className="lead">
        Did you mean <b>{meant}</b>? You typed <b>{values.email}</b>.
      </p>
      {(['interests', 'frequency', 'timezone', 'hour'] as const).map((name) => (
        <input key={name} type="hidden" name={name} value={values[name]} />
      ))}
      <input type="hidden" name="form" value={formToken} />
      <input type="hidden" name="spelling" value="checked" />
      <div className="actions">
        <button type="submit" name="email" value={meant}>
          Use {meant}
        </button>
        <button type="submit" name="email" value={values.email} className="quiet">
          Keep {values.email}
        </button>
      </div>
    </form>
  )
}

/** What everybody reads who has asked, whoever they are: it must not say whether an address is known. */
export function AcceptedPage({ sender }: { readonly sender: string }) {
  return (
    <section className="notice-page">
      <h1>Look into your inbox</h1>
      <p className="lead">If all is well with the address, a mail from {sender} is on its way to it.</p>
      <p>
        Press the button in it and you are subscribed; until then nothing else comes. It should be there within a few
        minutes. If not, look into the spam folder, and check the address for a slip.
      </p>
      <p className="soft">
        To keep other people’s inboxes quiet, one mailbox gets one such mail a day, however often it is asked for and
        however its address is spelt.
      </p>
      <p>
        <a href="/">Today’s papers</a>
      </p>
    </section>
  )
}

/** Says which limit is full. It does not depend on the address. */
export function BusyPage({ because }: { readonly because: Extract<SubscribeResult, { kind: 'busy' }>['because'] }) {
  const words = {
    network: 'Your network has sent very many sign-ups.',
    provider: 'Very many people of this mail provider have signed up within the hour.',
    overall: 'Very many people have signed up within the hour.',
  }
  return (
    <section className="notice-page">
      <h1>Please come back in an hour</h1>
      <p className="lead">{words[because]} To keep inboxes quiet, no more mails are sent for now.</p>
      <p>Nothing was sent and nothing was kept of what you typed.</p>
      <p>
        <a href="/">Today’s papers</a>
      </p>
    </section>
  )
}
