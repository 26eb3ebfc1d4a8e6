import { Link, Text } from '@react-email/components'
import type { PreferencesLinkView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body, softLink } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Brings a fresh link to the preferences; preferences-link.mjml and preferences-link.txt say the same. */
export function PreferencesLinkMail({ view }: { readonly view: PreferencesLinkView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="A fresh link to your preferences"
      footer={
        <>
          If it was not you, do nothing: nothing was changed.{' '}
          <Link href={view.unsubscribeUrl} style={softLink}>
            Unsubscribe
          </Link>
        </>
      }
    >
      <Text className="ink" style={body}>
        Somebody, probably you, asked for a link to your preferences at {view.brand}. It opens them without a password,
        so do not pass it on.
      </Text>
      <Action href={view.preferencesUrl} label="Open preferences" />
    </TransactionalFrame>
  )
}
