// Runs axe-core on a mail in a hidden frame, and posts the results to the page.
const tone = new URLSearchParams(location.search).get('tone') ?? 'light'
const report = (message) => parent.postMessage({ source: 'axe', tone, ...message }, location.origin)
addEventListener('load', async () => {
  if (globalThis.axe === undefined)
    return report({ absent: 'axe-core is a development dependency and is not installed.' })
  try {
    // A mail needs no landmarks, because mail programs show it inside their own page.
    const { violations, passes } = await axe.run(document, {
      rules: { region: { enabled: false }, 'landmark-one-main': { enabled: false } },
      resultTypes: ['violations'],
    })
    report({
      passes: passes.length,
      violations: violations.map(({ id, impact, help, nodes }) => ({
        id,
        impact,
        help,
        where: nodes.map(({ target, any }) => `${target.join(' ')} ${any[0]?.message ?? ''}`),
      })),
    })
  } catch (error) {
    report({ absent: `axe-core failed: ${error.message}` })
  }
})
