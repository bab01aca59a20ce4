/** One thing that a container sees at `target` in its own view of the machine. */
export type Mount =
  | { readonly kind: 'tmpfs'; readonly target: string; readonly options: string }
  /** Of the host, and not to be seen; where it cannot be hidden it stays as it is. */
  | { readonly kind: 'hidden'; readonly target: string }
  | { readonly kind: 'directory'; readonly source: string; readonly target: string; readonly readOnly: boolean }
  | { readonly kind: 'file'; readonly source: string; readonly target: string }
  | { readonly kind: 'link'; readonly source: string; readonly target: string }

/** The four arguments by which enter-container.sh knows a mount. */
export function mountArguments(mount: Mount): string[] {
  if (mount.kind === 'tmpfs') return ['tmpfs', '-', mount.target, mount.options]
  if (mount.kind === 'hidden') return ['tmpfs', '-', mount.target, 'mode=0755']
  if (mount.kind === 'directory') return ['directory', mount.source, mount.target, mount.readOnly ? 'ro' : 'rw']
  return [mount.kind, mount.source, mount.target, '-']
}

/** Where a path of the container lies on the host, for containers that could not get a view of their own; the longest target wins. */
export function hostPath(path: string, mounts: readonly Mount[], scratch: string): string {
  const within = (target: string): boolean => path === target || path.startsWith(target === '/' ? '/' : `${target}/`)
  const mount = mounts.filter(({ target }) => within(target)).sort((a, b) => b.target.length - a.target.length)[0]
  if (mount === undefined || mount.kind === 'hidden') return path
  const base = mount.kind === 'tmpfs' ? `${scratch}${mount.target}` : mount.source
  return `${base}${path.slice(mount.target.length)}`
}
