import { CONSENT_TEXT } from '../../../domain/consent.ts'
import { say } from '../../../language/language.ts'
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
      <h2 id="subscribe-heading">{say('banner.title')}</h2>
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
        <h2 id="sign-up-heading">{say('banner.tomorrow')}</h2>
        <SignUpWords />
      </div>
      <form className="stack subscribe" method="post" action="/subscribe">
        <div className="field">
          <label htmlFor="sign-up-interests">{say('banner.interests')}</label>
          <input
            id="sign-up-interests"
            name="interests"
            type="text"
            placeholder="agents, sparse retrieval"
            autoComplete="off"
          />
        </div>
        <div className="field">
          <label htmlFor="sign-up-email">{say('banner.email')}</label>
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
          <label htmlFor="sign-up-website">{say('subscribe.trap')}</label>
          <input id="sign-up-website" name="website" type="text" tabIndex={-1} autoComplete="off" />
        </div>
        <input type="hidden" name="form" value={formToken} />
        <input type="hidden" name="timezone" value="" data-zone="" />
        <div className="actions">
          <button type="submit">{say('banner.button')}</button>
        </div>
        <p className="hint">{say(`consent.${CONSENT_TEXT}`)}</p>
      </form>
    </section>
  )
}

function SignUpWords() {
  return <p className="soft">{say('banner.text')}</p>
}
