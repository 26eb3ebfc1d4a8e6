import type { MailComponent } from './templates.ts'
import type { TransactionalProps } from './transactional-props.ts'

/**
 * Returns the program's own React template of a message. Templates are loaded on first use: React Email takes 0.3 s of
 * CPU time, which commands that render nothing or MJML do not need.
 */
export async function ownComponent(name: 'digest' | TransactionalProps['kind']): Promise<MailComponent> {
  switch (name) {
    case 'digest':
      return (await import('../../templates/digest/digest.tsx')).DigestMail
    case 'confirm':
      return (await import('../../templates/confirm/confirm.tsx')).ConfirmMail
    case 'welcome':
      return (await import('../../templates/welcome/welcome.tsx')).WelcomeMail
    case 'goodbye':
      return (await import('../../templates/goodbye/goodbye.tsx')).GoodbyeMail
    case 'known':
      return (await import('../../templates/known/known.tsx')).KnownMail
    case 'address-confirm':
      return (await import('../../templates/address-confirm/address-confirm.tsx')).AddressConfirmMail
    case 'address-changed':
      return (await import('../../templates/address-changed/address-changed.tsx')).AddressChangedMail
    case 'preferences-link':
      return (await import('../../templates/preferences-link/preferences-link.tsx')).PreferencesLinkMail
  }
}
