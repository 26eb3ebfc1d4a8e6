import { CONSENT_TEXT, CONSENT_TEXTS } from '../../../domain/consent.ts'
import { EMPTY_SIGN_UP } from '../../../subscriptions/sign-up.ts'
import { SubscribeForm } from '../subscribe-form.tsx'

export interface BannerProps {
  readonly formToken: string
  /** Interests to fill in, from the link of a search, or empty. */
  readonly interests: string
}

/** The sign-up above today’s list: one line, or the whole form if interests are filled in. */
export function Banner({ formToken, interests }: BannerProps) {
  const slim = interests === ''
  return (
    <section className={slim ? 'banner slim' : 'banner'} id="subscribe" aria-labelledby="subscribe-heading">
      <h2 id="subscribe-heading">Get trending papers in your email inbox!</h2>
      {slim ? null : <SignUpWords />}
      <SubscribeForm values={{ ...EMPTY_SIGN_UP, interests }} formToken={formToken} compact={slim} />
    </section>
  )
}

/** The sign-up below the list, for a visitor who has read it. Its names differ from those of the banner’s form. */
export function SignUpCard({ formToken }: { readonly formToken: string }) {
  return (
    <section className="sign-up-card" aria-labelledby="sign-up-heading">
      <div>
        <h2 id="sign-up-heading">Tomorrow’s list, by email</h2>
        <SignUpWords />
      </div>
      <form className="stack subscribe" method="post" action="/subscribe">
        <div className="field">
          <label htmlFor="sign-up-interests">What do you read about?</label>
          <input
            id="sign-up-interests"
            name="interests"
            type="text"
            placeholder="agents, sparse retrieval"
            autoComplete="off"
          />
        </div>
        <div className="field">
          <label htmlFor="sign-up-email">Send it to</label>
          <input
            id="sign-up-email"
            name="email"
            type="email"
            autoComplete="email"
            required
            maxLength={254}
            placeholder="name@example.org"
          />
        </div>
        <div className="trap" aria-hidden="true">
          <label htmlFor="sign-up-website">Leave this empty</label>
          <input id="sign-up-website" name="website" type="text" tabIndex={-1} autoComplete="off" />
        </div>
        <input type="hidden" name="form" value={formToken} />
        <input type="hidden" name="timezone" value="" data-zone="" />
        <div className="actions">
          <button type="submit">Get the digest</button>
        </div>
        <p className="hint">{CONSENT_TEXTS[CONSENT_TEXT]}</p>
      </form>
    </section>
  )
}

function SignUpWords() {
  return (
    <p className="soft">
      Every morning, with papers that match your interests first. Free, no account needed, unsubscribe with one click.
    </p>
  )
}
