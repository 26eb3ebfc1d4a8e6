import type { ReactNode } from 'react'

/** A column's heading, or the heading with the class that its cells have too. */
type TableColumn = string | { readonly name: string; readonly className: string }

/** A right-aligned column of figures. */
export function figures(name: string, className = 'number'): TableColumn {
  return { name, className }
}

/** A table in a box that scrolls sideways on narrow screens, also by keyboard. `children` are its rows. */
export function Table({
  name,
  columns,
  children,
}: {
  readonly name: string
  readonly columns: readonly TableColumn[]
  readonly children: ReactNode
}) {
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a keyboard must be able to scroll the box (WCAG 2.1.1).
    <section className="sheet" aria-label={name} tabIndex={0}>
      <table>
        <thead>
          <tr>
            {columns.map((column) =>
              typeof column === 'string' ? (
                <th key={column} scope="col">
                  {column}
                </th>
              ) : (
                <th key={column.name} scope="col" className={column.className}>
                  {column.name}
                </th>
              ),
            )}
          </tr>
        </thead>
        <tbody>{children}</tbody>
      </table>
    </section>
  )
}
