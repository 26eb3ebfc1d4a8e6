import { Text } from '@react-email/components'
import { say } from '../../src/language/language.ts'
import type { WelcomeView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Says when digests come and how to change that. Same text as welcome.mjml and welcome.txt. */
export function WelcomeMail({ view }: { readonly view: WelcomeView }) {
  return (
    <TransactionalFrame
      view={view}
      heading={say('mail.welcome.heading')}
      footer={
        <>
          {say('mail.welcome.footer')} <a href={view.unsubscribeUrl}>{say('mail.unsubscribe')}</a>
        </>
      }
    >
      {view.next === null ? null : (
        <Text className="ink" style={body}>
          {view.next}
        </Text>
      )}
      <Text className="ink" style={body}>
        {view.frequency}
      </Text>
      <Text className="ink" dir="auto" style={body}>
        {view.selection}
      </Text>
      <Action href={view.preferencesUrl} label={say('mail.welcome.button')} />
    </TransactionalFrame>
  )
}
