import { Text } from '@react-email/components'
import type { GoodbyeView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Confirms that no more mail will come; goodbye.mjml and goodbye.txt say the same. */
export function GoodbyeMail({ view }: { readonly view: GoodbyeView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="You are unsubscribed"
      footer="This is the last mail that you receive from us, unless you subscribe again."
    >
      <Text className="ink" style={body}>
        No more digests from {view.brand} will come to this address.
      </Text>
      <Text className="ink" style={body}>
        If that was a mistake, or if you want your data erased, your preferences stay open to you:
      </Text>
      <Action href={view.preferencesUrl} label="Open preferences" />
    </TransactionalFrame>
  )
}
