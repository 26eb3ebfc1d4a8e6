import { PREVIEW_WIDTH_PX_MAX, PREVIEW_WIDTH_PX_MIN } from '../../../config/limits-web.ts'
import { type PreviewQuery, previewPath, WIDTHS, widthOf } from '../query.ts'
import { HiddenSettings } from './hidden-settings.tsx'

/** The width of the mail: usual ones as links, and any other as a number. frames.js adds a handle to drag. */
export function WidthChoice({ settings }: { readonly settings: PreviewQuery }) {
  const now = widthOf(settings)
  const larger = WIDTHS.find((width) => width > now)
  const smaller = WIDTHS.findLast((width) => width < now)
  return (
    <div className="choices widths">
      <span>Width</span>
      {WIDTHS.map((width) => (
        <a
          key={width}
          href={previewPath('/', settings, { width })}
          data-width-choice={width}
          data-key={width === larger ? ']' : width === smaller ? '[' : undefined}
          aria-current={width === now ? 'true' : undefined}
        >
          {width}
        </a>
      ))}
      <form action="/" method="get" data-width-form="yes">
        <HiddenSettings settings={settings} except="width" />
        <input
          name="width"
          type="number"
          inputMode="numeric"
          min={PREVIEW_WIDTH_PX_MIN}
          max={PREVIEW_WIDTH_PX_MAX}
          defaultValue={now}
          aria-label="Width of the mail in pixels"
          title="Key w"
          data-key="w"
          required
        />
        <button type="submit">Set</button>
      </form>
    </div>
  )
}
