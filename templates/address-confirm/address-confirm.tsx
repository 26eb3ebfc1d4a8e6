import { Text } from '@react-email/components'
import { say } from '../../src/language/language.ts'
import { sayWith } from '../../src/language/markup.ts'
import type { AddressConfirmView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Asks a new address to confirm the change. Same text as address-confirm.mjml and address-confirm.txt. */
export function AddressConfirmMail({ view }: { readonly view: AddressConfirmView }) {
  return (
    <TransactionalFrame view={view} heading={say('mail.address.heading')} footer={say('mail.address.footer')}>
      <Text className="ink" style={body}>
        {sayWith('mail.address.text', { b: (text) => <b>{text}</b> }, { brand: view.brand, address: view.address })}
      </Text>
      <Action href={view.confirmUrl} label={say('mail.address.button')} />
      <Text className="ink" style={body}>
        {say('mail.address.hours', { hours: view.hours })}
      </Text>
    </TransactionalFrame>
  )
}
