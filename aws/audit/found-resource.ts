/** One AWS resource of a server, found by its name and not by what Gantry remembers. */
export interface FoundResource {
  /** Terraform's type. */
  readonly type: string
  /** What tells it from others of its type: its name, its path, `<role>:<policy>`, … */
  readonly name: string
  /** What `terraform import` takes. */
  readonly importId: string
}

export interface AuditedServer {
  readonly id: string
  readonly platform: string
}

/** `<platform>-<id>` or something hyphenated behind it; ids have no hyphen, so no other server's name matches. */
export const belongsTo = ({ platform, id }: AuditedServer, name: string): boolean => {
  const base = `${platform}-${id}`
  return name === base || name.startsWith(`${base}-`)
}

/** Every resource is tagged as it is made, so one under our name without our tag is somebody else's: it is left alone. */
export const isTaggedFor = (
  server: AuditedServer,
  tags: readonly { Key?: string | undefined; Value?: string | undefined }[] = [],
): boolean => tags.some(({ Key, Value }) => Key === 'gantry:server' && Value === server.id)
