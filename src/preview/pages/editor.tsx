import { type PreviewQuery, previewPath } from '../query.ts'

interface EditorProps {
  readonly look: PreviewQuery
  readonly draft: { readonly text: string; readonly reason: string | null } | null
}

/** The editor of the props as JSON. It shows faults and keeps the typed text. */
export function PropsEditor({ look, draft }: EditorProps) {
  if (draft === null) return <p className="soft">There are no props: no mail could be made.</p>
  return (
    <form method="post" action={previewPath('/edit', look)} className="editor">
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
        {look.edit === '' ? null : <a href={previewPath('/', look, { edit: '' })}>Back to the scenario’s own</a>}
      </p>
    </form>
  )
}
