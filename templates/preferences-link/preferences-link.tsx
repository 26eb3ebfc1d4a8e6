import { Text } from '@react-email/components'
import type { PreferencesLinkView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Brings a new link to the preferences. Same text as preferences-link.mjml and preferences-link.txt. */
export function PreferencesLinkMail({ view }: { readonly view: PreferencesLinkView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="A new link to your preferences"
      footer={
        <>
          If this was not you, ignore this email; nothing was changed. <a href={view.unsubscribeUrl}>Unsubscribe</a>
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
