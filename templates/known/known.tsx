import { Link, Text } from '@react-email/components'
import type { KnownView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body, softLink } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Tells a reader who signed up again that nothing was changed; known.mjml and known.txt say the same. */
export function KnownMail({ view }: { readonly view: KnownView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="You are subscribed already"
      footer={
        <>
          If it was not you, do nothing: nothing was changed, and you get this mail at most once a day.{' '}
          <Link href={view.unsubscribeUrl} style={softLink}>
            Unsubscribe
          </Link>
        </>
      }
    >
      <Text className="ink" style={body}>
        Somebody, probably you, asked for {view.brand}’s digest of trending research papers at this address. It is on
        the list, so nothing was changed.
      </Text>
      <Action href={view.preferencesUrl} label="See your preferences" />
    </TransactionalFrame>
  )
}
