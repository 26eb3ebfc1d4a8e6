// Runs axe-core over a mail, in a frame beside the page that shows it, and tells that page what it found.
const tone = new URLSearchParams(location.search).get('tone') ?? 'light'
const tell = (message) => parent.postMessage({ source: 'axe', tone, ...message }, location.origin)
addEventListener('load', async () => {
  if (globalThis.axe === undefined) return tell({ absent: 'axe-core is not installed (it is a tool of development).' })
  try {
    // A mail has no landmarks: mail programs show it inside their own page.
    const { violations, passes } = await axe.run(document, {
      rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } },
      resultTypes: ['violations'],
    })
    tell({
      passes: passes.length,
      violations: violations.map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        where: nodes.map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`),
      })),
    })
  } catch (error) {
    tell({ absent: `axe-core failed: ${error.message}` })
  }
})
