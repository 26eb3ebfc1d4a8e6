import { Text } from '@react-email/components'
import { say } from '../../src/language/language.ts'
import type { PreferencesLinkView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Brings a new link to the preferences. Same text as preferences-link.mjml and preferences-link.txt. */
export function PreferencesLinkMail({ view }: { readonly view: PreferencesLinkView }) {
  return (
    <TransactionalFrame
      view={view}
      heading={say('mail.link.heading')}
      footer={
        <>
          {say('mail.link.footer')} <a href={view.unsubscribeUrl}>{say('mail.unsubscribe')}</a>
        </>
      }
    >
      <Text className="ink" style={body}>
        {say('mail.link.text', { brand: view.brand })}
      </Text>
      <Action href={view.preferencesUrl} label={say('mail.preferences.open')} />
    </TransactionalFrame>
  )
}
