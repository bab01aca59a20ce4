/** A question about something that was listed a moment ago and that somebody else may have deleted since. */
export async function unlessGone<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await answer
  } catch (error) {
    if (error instanceof Error && /NoSuch|NotFound|ENOENT/.test(`${error.name} ${(error as NodeJS.ErrnoException).code}`)) return undefined
    throw error
  }
}
