import { Text } from '@react-email/components'
import type { AddressChangedView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Tells the old address that the digest has moved. Neither the text nor the link reveals the new address. */
export function AddressChangedMail({ view }: { readonly view: AddressChangedView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="Your digest has moved"
      footer="This is the last email that we send to this address, unless you move your digest back."
    >
      <Text className="ink" style={body}>
        From now on, your {view.brand} digest goes to another address, which has confirmed the change.
      </Text>
      <Text className="ink" style={body}>
        If this was not you, someone may have one of your emails. For {view.days} days you can move your digest back to
        this address:
      </Text>
      <Action href={view.restoreUrl} label="This was not me" />
    </TransactionalFrame>
  )
}
