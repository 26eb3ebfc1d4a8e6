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
      <h1>{answer?.kind === 'misspelt' ? 'Is this address correct?' : 'Subscribe'}</h1>
      <Answer answer={answer} values={values} formToken={formToken} />
      {answer?.kind === 'misspelt' ? <h2>Or edit the form</h2> : null}
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
      return (
        <p className="lead">The day’s trending papers in your inbox, with those that match your interests first.</p>
      )
    case 'faults': {
      const count = Object.keys(answer.faults).length
      return (
        <p className="message bad" role="alert">
          {count === 1 ? 'One field needs' : `${count} fields need`} your attention. Nothing was sent; your entries are
          below.
        </p>
      )
    }
    case 'stale':
      return (
        <p className="message" role="alert">
          This form was open for too long or was sent too quickly. Please press <b>Subscribe</b> again.
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
      <p>
        Many people are signing up right now. Your browser first runs a short check that keeps bots from flooding other
        people’s inboxes. It takes a few seconds, then the form is sent automatically.
      </p>
      <p>
        {slowWay === 'full' ? (
          'The check needs JavaScript. If JavaScript is off, please come back in an hour.'
        ) : (
          <>
            The check needs JavaScript. If JavaScript is off, leave this page open and press{' '}
            <b>Subscribe without the check</b>{' '}
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

/** Offers the suggested address and the typed one. */
function SpellingQuestion({ values, meant, formToken }: { values: SignUpFields; meant: string; formToken: string }) {
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

/** The page after every accepted sign-up. It must not reveal whether an address is known. */
export function AcceptedPage({ sender }: { readonly sender: string }) {
  return (
    <section className="notice-page">
      <h1>Check your inbox</h1>
      <p className="lead">If the address is correct, an email from {sender} is on its way.</p>
      <p>
        Press the button in it to confirm your subscription. Until then we send nothing else. It should arrive within a
        few minutes. If it does not, look in your spam folder and check the address for typos.
      </p>
      <p className="soft">
        To prevent abuse, a mailbox gets at most one such email a day, no matter how often it is requested or how the
        address is spelled.
      </p>
      <p>
        <a href="/">Today’s papers</a>
      </p>
    </section>
  )
}

/** Names the limit that was reached. The text does not depend on the address. */
export function BusyPage({ because }: { readonly because: Extract<SubscribeResult, { kind: 'busy' }>['because'] }) {
  const words = {
    network: 'Your network has sent a lot of sign-ups.',
    provider: 'A lot of people with this email provider have signed up within the last hour.',
    overall: 'A lot of people have signed up within the last hour.',
  }
  return (
    <section className="notice-page">
      <h1>Please come back in an hour</h1>
      <p className="lead">{words[because]} To prevent abuse, we send no more confirmation emails for now.</p>
      <p>Nothing was sent, and nothing that you typed was stored.</p>
      <p>
        <a href="/">Today’s papers</a>
      </p>
    </section>
  )
}
