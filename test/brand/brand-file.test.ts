import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { CONTRAST_MIN } from '../../config/limits-brand.ts'
import { contrastOf, nearestPassing } from '../../src/rendering/brand/contrast.ts'
import { mailLookOf } from '../../src/rendering/brand/mail-look.ts'
import { paletteOf, weakPairs } from '../../src/rendering/brand/palette.ts'
import { type BrandFolder, createBrandFolder, FERNBANK, LOGO } from './brand-folder.ts'

const colour = fc.integer({ min: 0, max: 0xffffff }).map((value) => `#${value.toString(16).padStart(6, '0')}`)

describe('BRAND_FILE', () => {
  let folder: BrandFolder
  beforeAll(() => {
    folder = createBrandFolder()
    folder.write({ 'logo.svg': LOGO })
  })
  afterAll(() => folder.remove())
  const faultsOf = (brand: string | object) => {
    folder.write({ 'brand.json': brand })
    return folder.faults().map((fault) => fault.replaceAll(folder.path, 'FOLDER'))
  }
  const there = 'BRAND_FILE names FOLDER/brand.json. There, '

  it('may have any of its parts, or none', () => {
    for (const brand of [{}, FERNBANK, { colours: { light: { accent: '#7c2d12' } } }, { name: 'Only a name' }])
      expect(faultsOf(brand)).toEqual([])
  })

  it('reports every fault at once, with its place and a remedy', () => {
    expect(
      faultsOf({
        nmae: 'x',
        colours: { light: { accent: 'green' } },
        footer: { links: [{ label: 'a', url: 'javascript:alert(1)' }] },
        logo: { file: 'logo.svg', height: 400 },
      }),
    ).toEqual([
      `${there}colours.light.accent must be a colour such as "#14532d".`,
      `${there}logo.height must be at most 96 pixels.`,
      `${there}footer.links[0].url must begin with https:// or mailto:.`,
      `${there}the file has an unknown key “nmae”. Perhaps “name” is meant.`,
    ])
    expect(faultsOf('{\n "name": "x",\n}')[0]).toMatch(
      /^BRAND_FILE names FOLDER\/brand\.json\. There, (in line 3, )?the JSON/,
    )
  })

  it('reads the name once in a mail that has it beside the logo', () => {
    const altWith = (more: object) => {
      folder.write({ 'brand.json': { ...FERNBANK, logo: { ...FERNBANK.logo, ...more } } })
      const { look, name } = folder.config().brand ?? {}
      const brand = { name: name ?? '', publicUrl: 'https://papers.example.org', postalAddress: null }
      return mailLookOf(look === undefined ? brand : { ...brand, look }).logo?.alt
    }
    expect([altWith({}), altWith({ withName: true })]).toEqual(['Fernbank', ''])
  })

  it('refuses colours that cannot be read, and names the pair, the ratio and the nearest colour that passes', () => {
    const [fault = '', ...others] = faultsOf({ colours: { light: { accent: '#9ad0c2', background: '#fff0f0' } } })
    expect(others).toEqual([])
    expect(fault).toBe(
      `${there}colours.light.accent #9ad0c2 has a contrast of 1.55:1 on colours.light.background #fff0f0, and text needs 4.5:1 (WCAG 2.2 AA). The nearest colour that passes is #397b6a.`,
    )
    expect(faultsOf({ colours: { light: { accent: '#397b6a', background: '#fff0f0' } } })).toEqual([])
  })

  it('refuses an SVG that runs code or loads something, and one with text unless mails have another logo', () => {
    const svg = (inner: string) => `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9">${inner}</svg>`
    const refused = (inner: string) => {
      folder.write({ 'bad.svg': svg(inner) })
      return faultsOf({ logo: { file: 'bad.svg' } }).join()
    }
    expect(refused('<script>1</script>')).toContain('Remove the element <script>.')
    expect(refused('<g onload="x()"/>')).toContain('Remove the attribute onload.')
    expect(refused('<image href="https://x.example/y.png"/>')).toContain('Remove the address in href.')
    expect(refused('<style>@import "https://x.example/y.css"</style>')).toContain('an address in a style')
    expect(refused('<rect style="fill:url(https://x.example/y)"/>')).toContain('Remove the address in style.')
    expect(refused('<text>Fern</text>')).toContain('Set logo.mail to a PNG or JPEG.')
    expect(refused('<rect fill="url(#g)"/><use href="#g"/>')).toBe('')
    expect(faultsOf({ logo: { file: 'none.png' } }).join()).toContain('none.png is not a file')
  })
})

describe('colours', () => {
  it('are readable on every ground when the three of a brand are', () => {
    fc.assert(
      fc.property(colour, colour, colour, fc.constantFrom('light', 'dark'), (accent, background, ink, scheme) => {
        const given = { accent, background, ink }
        const colours = { ...given }
        for (const { text, nearest } of weakPairs(given, scheme)) colours[text] = nearest ?? colours[text]
        fc.pre(weakPairs(colours, scheme).length === 0)
        const { page, sheet, tint, soft, onAccent } = paletteOf(colours, scheme)
        for (const ground of [page, sheet, tint])
          for (const text of [colours.accent, colours.ink, soft])
            expect(contrastOf(text, ground)).toBeGreaterThanOrEqual(CONTRAST_MIN)
        expect(contrastOf(onAccent, colours.accent)).toBeGreaterThanOrEqual(CONTRAST_MIN)
      }),
      { numRuns: 100 },
    )
  })

  it('have a nearest one that passes, whatever the colour is', () => {
    fc.assert(
      fc.property(colour, colour, (text, ground) => {
        const nearest = nearestPassing(text, [ground], CONTRAST_MIN)
        expect(contrastOf(nearest ?? text, ground)).toBeGreaterThanOrEqual(CONTRAST_MIN)
      }),
    )
  })
})
