import { Text } from '@react-email/components'
import type { AddressConfirmView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Asks a new address to confirm the change. Same text as address-confirm.mjml and address-confirm.txt. */
export function AddressConfirmMail({ view }: { readonly view: AddressConfirmView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="Confirm your new address"
      footer="If you did not ask for this, ignore this email. Without your click, nothing changes."
    >
      <Text className="ink" style={body}>
        A reader of {view.brand} wants to receive the digest of trending research papers at <b>{view.address}</b> from
        now on.
      </Text>
      <Action href={view.confirmUrl} label="Use this address" />
      <Text className="ink" style={body}>
        The link works once, within {view.hours} hours. Until you use it, the digest keeps going to the old address.
      </Text>
    </TransactionalFrame>
  )
}
