/** A promise and its way to resolve. */
export interface Deferred<T> {
  readonly promise: Promise<T>
  resolve(value: T): void
}

export function defer<T>(): Deferred<T> {
  let resolve: (value: T) => void = () => undefined
  const promise = new Promise<T>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}
