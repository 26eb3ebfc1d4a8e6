import type { Site } from '../page.ts'
import { Mark } from './mark.tsx'

/** The logo of the brand, or its icon and its name. It is the content of a link to the front page. */
export function Wordmark({ site }: { readonly site: Site }) {
  const { name, look } = site.brand
  if (look === undefined)
    return (
      <>
        <Mark />
        {name}
      </>
    )
  const { logo, iconPath } = look
  if (logo === null)
    return (
      <>
        {iconPath === null ? null : <img className="mark" src={iconPath} alt="" width={28} height={28} />}
        {name}
      </>
    )
  const { width, height } = logo
  return (
    <>
      <picture className="logo">
        {logo.darkPath === null ? null : <source srcSet={logo.darkPath} media="(prefers-color-scheme: dark)" />}
        <img src={logo.path} alt={logo.withName ? '' : logo.alt} width={width} height={height} />
      </picture>
      {logo.withName ? name : null}
    </>
  )
}

/** The parts of the head that a brand changes: the icon, and the colours, which must follow the other style sheets. */
export function BrandHead({ site, icon }: { readonly site: Site; readonly icon: string }) {
  const { brandAssets: assets } = site
  return (
    <>
      <link rel="icon" href={assets?.icon.path ?? icon} type={assets?.icon.type ?? 'image/svg+xml'} />
      {assets === undefined || assets.stylesheet === null ? null : <link rel="stylesheet" href={assets.stylesheet} />}
    </>
  )
}
