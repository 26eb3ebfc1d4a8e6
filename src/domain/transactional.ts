export type NoticeKind =
  | 'confirm'
  | 'welcome'
  | 'goodbye'
  | 'known'
  | 'address-confirm'
  | 'address-changed'
  | 'preferences-link'
