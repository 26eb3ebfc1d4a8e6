import { Text } from '@react-email/components'
import type { KnownView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Tells a subscriber who signed up again that nothing was changed. Same text as known.mjml and known.txt. */
export function KnownMail({ view }: { readonly view: KnownView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="You are already subscribed"
      footer={
        <>
          If this was not you, ignore this email; nothing was changed. You get this email at most once a day.{' '}
          <a href={view.unsubscribeUrl}>Unsubscribe</a>
        </>
      }
    >
      <Text className="ink" style={body}>
        Someone, probably you, asked for {view.brand}’s digest of trending research papers at this address. It is
        already subscribed, so nothing was changed.
      </Text>
      <Action href={view.preferencesUrl} label="See your preferences" />
    </TransactionalFrame>
  )
}
