// Puts the dashboard's blocks in their places as the server sends them. Without this, reloading shows the same.
const desk = document.querySelector('[data-live]')
if (desk) {
  const source = new EventSource(desk.dataset.live)
  source.addEventListener('message', (event) => {
    for (const [name, html] of Object.entries(JSON.parse(event.data))) {
      const block = desk.querySelector(`[data-block="${name}"]`)
      // A block that is the same, or that somebody is using, is left alone.
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
