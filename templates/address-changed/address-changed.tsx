import { Text } from '@react-email/components'
import { say } from '../../src/language/language.ts'
import type { AddressChangedView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Tells the old address that the digest has moved. Neither the text nor the link reveals the new address. */
export function AddressChangedMail({ view }: { readonly view: AddressChangedView }) {
  return (
    <TransactionalFrame view={view} heading={say('mail.moved.heading')} footer={say('mail.moved.footer')}>
      <Text className="ink" style={body}>
        {say('mail.moved.text', { brand: view.brand })}
      </Text>
      <Text className="ink" style={body}>
        {say('mail.moved.undo', { days: view.days })}
      </Text>
      <Action href={view.restoreUrl} label={say('mail.moved.button')} />
    </TransactionalFrame>
  )
}
