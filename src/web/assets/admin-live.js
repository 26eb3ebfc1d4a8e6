// Replaces the dashboard's blocks as the server sends them. Without JavaScript, reloading the page shows the same.
const dashboard = document.querySelector('[data-live]')
if (dashboard) {
  const source = new EventSource(dashboard.dataset.live)
  source.addEventListener('message', (event) => {
    for (const [name, html] of Object.entries(JSON.parse(event.data))) {
      const block = dashboard.querySelector(`[data-block="${name}"]`)
      // Skips a block that is unchanged or in use.
      if (block && block.dataset.html !== html && !block.contains(document.activeElement)) {
        block.innerHTML = html
        block.dataset.html = html
      }
    }
  })
  source.addEventListener('over', () => {
    source.close()
    location.reload()
  })
}
