import { Text } from '@react-email/components'
import { say } from '../../src/language/language.ts'
import type { GoodbyeView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Confirms the unsubscribe. Same text as goodbye.mjml and goodbye.txt. */
export function GoodbyeMail({ view }: { readonly view: GoodbyeView }) {
  return (
    <TransactionalFrame view={view} heading={say('mail.goodbye.heading')} footer={say('mail.goodbye.footer')}>
      <Text className="ink" style={body}>
        {say('mail.goodbye.text', { brand: view.brand })}
      </Text>
      <Text className="ink" style={body}>
        {say('mail.goodbye.mistake')}
      </Text>
      <Action href={view.preferencesUrl} label={say('mail.preferences.open')} />
    </TransactionalFrame>
  )
}
