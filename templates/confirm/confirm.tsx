import { Text } from '@react-email/components'
import { say } from '../../src/language/language.ts'
import { sayWith } from '../../src/language/markup.ts'
import type { ConfirmView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Asks an address to confirm the subscription. Same text as confirm.mjml and confirm.txt. */
export function ConfirmMail({ view }: { readonly view: ConfirmView }) {
  return (
    <TransactionalFrame view={view} heading={say('mail.confirm.heading')} footer={say('mail.confirm.footer')}>
      <Text className="ink" style={body}>
        {sayWith('mail.confirm.text', { b: (text) => <b>{text}</b> }, { brand: view.brand, address: view.address })}
      </Text>
      <Action href={view.confirmUrl} label={say('mail.confirm.button')} />
      <Text className="ink" style={body}>
        {say('mail.confirm.hours', { hours: view.hours })}
      </Text>
    </TransactionalFrame>
  )
}
