import { Text } from '@react-email/components'
import type { ConfirmView } from '../../src/rendering/transactional.ts'
import { Action } from '../frame/action.tsx'
import { body } from '../frame/style.ts'
import { TransactionalFrame } from '../frame/transactional.tsx'

/** Asks an address to confirm the subscription. Same text as confirm.mjml and confirm.txt. */
export function ConfirmMail({ view }: { readonly view: ConfirmView }) {
  return (
    <TransactionalFrame
      view={view}
      heading="Confirm your subscription"
      footer="If you did not ask for this, ignore this email. Without your click, we send nothing else."
    >
      <Text className="ink" style={body}>
        Someone, hopefully you, asked for {view.brand}’s digest of trending research papers at <b>{view.address}</b>.
      </Text>
      <Action href={view.confirmUrl} label="Confirm subscription" />
      <Text className="ink" style={body}>
        The link works for {view.hours} hours.
      </Text>
    </TransactionalFrame>
  )
}
