import { Children, cloneElement, isValidElement, type ReactElement, type ReactNode } from 'react'

/** A column's heading, or the heading with the class that its cells have too. */
type TableColumn = string | { readonly name: string; readonly className: string }

/** A right-aligned column of figures. */
export function figures(name: string, className = 'number'): TableColumn {
  return { name, className }
}

/**
 * A table in a box that scrolls sideways, also by keyboard. On a phone each row is a card, and each cell has its column's name.
 * `children` are its rows.
 */
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
      <table className="cards">
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
        <tbody>{withColumnNames(children, columns)}</tbody>
      </table>
    </section>
  )
}

type Labelled = { readonly children?: ReactNode; readonly colSpan?: number; readonly 'data-label'?: string }

/** Returns rows whose cells carry the name of their column, which the style sheet shows when there is no heading above. */
function withColumnNames(rows: ReactNode, columns: readonly TableColumn[]): ReactNode {
  return Children.map(rows, (row) => {
    if (!isElement(row) || row.type !== 'tr') return row
    let column = 0
    return cloneElement(
      row,
      {},
      Children.map(row.props.children, (cell) => {
        if (!isElement(cell)) return cell
        const of = columns[column]
        column += cell.props.colSpan ?? 1
        return of === undefined ? cell : cloneElement(cell, { 'data-label': typeof of === 'string' ? of : of.name })
      }),
    )
  })
}

function isElement(node: ReactNode): node is ReactElement<Labelled> {
  return isValidElement(node)
}
