import { Text } from '@react-email/components'
import type { AddressChangedView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Tells the old address that a reader has moved. Neither it nor its link says where to. */
export function AddressChangedMail({ view }: { readonly view: AddressChangedView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="Your digest has moved"
      footer="This is the last mail that this address receives from us, unless you take it back."
    >
      <Text className="ink" style={body}>
        Your digest from {view.brand} goes to another address from now on; the new one has confirmed it.
      </Text>
      <Text className="ink" style={body}>
        If that was not you, somebody has one of your mails. For {view.days} days you can take your digest back to this
        address:
      </Text>
      <Action href={view.restoreUrl} label="This was not me" />
    </TransactionalFrame>
  )
}
