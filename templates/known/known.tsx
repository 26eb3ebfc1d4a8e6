import { Text } from '@react-email/components'
import { say } from '../../src/language/language.ts'
import type { KnownView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Tells a subscriber who signed up again that nothing was changed. Same text as known.mjml and known.txt. */
export function KnownMail({ view }: { readonly view: KnownView }) {
  return (
    <TransactionalFrame
      view={view}
      heading={say('mail.known.heading')}
      footer={
        <>
          {say('mail.known.footer')} <a href={view.unsubscribeUrl}>{say('mail.unsubscribe')}</a>
        </>
      }
    >
      <Text className="ink" style={body}>
        {say('mail.known.text', { brand: view.brand })}
      </Text>
      <Action href={view.preferencesUrl} label={say('mail.known.button')} />
    </TransactionalFrame>
  )
}
