/** Waits for a condition; fails with its name when it does not come true in time. */
export async function until(
  name: string,
  condition: () => boolean | Promise<boolean>,
  withinMs = 60_000,
): Promise<void> {
  const deadline = Date.now() + withinMs
  while (!(await condition())) {
    if (Date.now() > deadline) throw new Error(`waited ${withinMs} ms in vain: ${name}`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}
