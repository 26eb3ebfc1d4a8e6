import { type PreviewQuery, previewPath } from '../query.ts'

interface EditorProps {
  readonly settings: PreviewQuery
  readonly draft: { readonly text: string; readonly reason: string | null } | null
}

/** Editor of the props as JSON. It shows errors and keeps the input. */
export function PropsEditor({ settings, draft }: EditorProps) {
  if (draft === null) return <p className="soft">There are no props, because no mail could be composed.</p>
  return (
    <form method="post" action={previewPath('/edit', settings)} className="editor">
      <label htmlFor="props">Props of this mail, as JSON</label>
      <textarea
        id="props"
        name="props"
        spellCheck={false}
        autoComplete="off"
        defaultValue={draft.text}
        aria-invalid={draft.reason === null ? undefined : true}
        aria-describedby={draft.reason === null ? undefined : 'props-fault'}
      />
      {draft.reason === null ? null : (
        <p id="props-fault" className="bad" role="alert">
          {draft.reason}
        </p>
      )}
      <p className="buttons">
        <button type="submit">Show with these props</button>
        {settings.edit === '' ? null : <a href={previewPath('/', settings, { edit: '' })}>Reset to the scenario</a>}
      </p>
    </form>
  )
}
