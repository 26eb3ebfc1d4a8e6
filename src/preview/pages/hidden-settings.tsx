import { type PreviewQuery, previewPath } from '../query.ts'

/** The view settings as hidden fields of a form that is sent with GET. */
export function HiddenSettings({
  settings,
  except,
}: {
  readonly settings: PreviewQuery
  readonly except?: keyof PreviewQuery
}) {
  const params = new URLSearchParams(previewPath('', settings).slice(1))
  return [...params]
    .filter(([name]) => name !== except)
    .map(([name, value]) => <input key={name} type="hidden" name={name} value={value} />)
}
