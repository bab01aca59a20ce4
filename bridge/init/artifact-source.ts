import type { Readable } from 'node:stream'

/** One object below the prefix; `path` is what follows the prefix. */
export interface Artifact {
  readonly path: string
  readonly bytes: number
}

interface OpenArtifact {
  readonly body: Readable
  /** The metadata that its uploader gave it, names in lower case. */
  readonly metadata: Readonly<Record<string, string>>
}

/** Where a server's files come from. */
export interface ArtifactSource {
  /** For messages: `s3://bucket/prefix/`. */
  readonly name: string
  list(): AsyncIterable<Artifact>
  open(artifact: Artifact): Promise<OpenArtifact>
}
