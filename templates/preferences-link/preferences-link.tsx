import { Link, Text } from '@react-email/components'
import type { PreferencesLinkView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body, softLink } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Brings a new link to the preferences. Same text as preferences-link.mjml and preferences-link.txt. */
export function PreferencesLinkMail({ view }: { readonly view: PreferencesLinkView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="A new link to your preferences"
      footer={
        <>
          If this was not you, ignore this email; nothing was changed.{' '}
          <Link href={view.unsubscribeUrl} style={softLink}>
            Unsubscribe
          </Link>
        </>
      }
    >
      <Text className="ink" style={body}>
        Someone, probably you, asked for a link to your preferences at {view.brand}. It opens them without a password,
        so do not share it.
      </Text>
      <Action href={view.preferencesUrl} label="Open preferences" />
    </TransactionalFrame>
  )
}
