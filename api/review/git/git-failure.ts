/** A question to the cache that git could not answer: the cache is made anew and the question asked again. */
export class GitFailure extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'GitFailure'
  }
}
