import { Text } from '@react-email/components'
import type { ConfirmView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Asks whether an address wants the digest; confirm.mjml and confirm.txt say the same. */
export function ConfirmMail({ view }: { readonly view: ConfirmView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="Confirm your subscription"
      footer="If you did not ask for this, do nothing: without your click no further mail comes."
    >
      <Text className="ink" style={body}>
        Somebody, we hope you, asked for {view.brand}’s digest of trending research papers at <b>{view.address}</b>.
      </Text>
      <Action href={view.confirmUrl} label="Confirm subscription" />
      <Text className="ink" style={body}>
        The link works for {view.hours} hours.
      </Text>
    </TransactionalFrame>
  )
}
