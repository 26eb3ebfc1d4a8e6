export type TransactionalKind =
  | 'confirm'
  | 'welcome'
  | 'goodbye'
  | 'known'
  | 'address-confirm'
  | 'address-changed'
  | 'preferences-link'
  | 'sample'
