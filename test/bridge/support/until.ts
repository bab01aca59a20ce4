/** Resolves once a condition that no event tells of is true. */
export async function until(condition: () => boolean | Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000
  while (!(await condition())) {
    if (Date.now() > end) throw new Error('The condition did not become true.')
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}
