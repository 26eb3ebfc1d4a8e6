import { Text } from '@react-email/components'
import type { GoodbyeView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Confirms the unsubscribe. Same text as goodbye.mjml and goodbye.txt. */
export function GoodbyeMail({ view }: { readonly view: GoodbyeView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="You are unsubscribed"
      footer="This is the last email that you receive from us, unless you subscribe again."
    >
      <Text className="ink" style={body}>
        You will receive no more digests from {view.brand} at this address.
      </Text>
      <Text className="ink" style={body}>
        If this was a mistake, or if you want your data deleted, open your preferences:
      </Text>
      <Action href={view.preferencesUrl} label="Open preferences" />
    </TransactionalFrame>
  )
}
