/** What the init container fills, and from where. */
export interface InitConfig {
  /** The server's files: everything below a prefix of a bucket. */
  readonly artifacts?: { readonly bucket: string; readonly prefix: string; readonly directory: string }
  /** Where the bridge goes, with a Node of its own, for an image that brings neither. */
  readonly runtimeDirectory?: string
  readonly region: string | undefined
  /** The sandbox's; AWS's own where absent. */
  readonly endpoint: string | undefined
}

type Environment = Readonly<Record<string, string | undefined>>

/** What the process was started with; an Error names the variable that is wrong. */
export function readConfig(): InitConfig {
  return parseConfig(process.env)
}

/** Reads the GANTRY_ variables of an init container. */
export function parseConfig(env: Environment): InitConfig {
  const runtimeDirectory = env.GANTRY_RUNTIME_DIRECTORY
  return {
    ...(env.GANTRY_ARTIFACTS
      ? { artifacts: { ...place(env.GANTRY_ARTIFACTS), directory: env.GANTRY_FILES_DIRECTORY || '/app/server' } }
      : {}),
    ...(runtimeDirectory ? { runtimeDirectory } : {}),
    region: env.AWS_REGION,
    endpoint: env.AWS_ENDPOINT_URL,
  }
}

function place(url: string): { bucket: string; prefix: string } {
  const [, bucket, path] = /^s3:\/\/([^/]+)\/+(.*[^/])\/*$/.exec(url) ?? []
  if (bucket === undefined || path === undefined) {
    throw new Error(`GANTRY_ARTIFACTS is ${JSON.stringify(url)}: expected s3://<bucket>/<prefix>.`)
  }
  return { bucket, prefix: `${path}/` }
}
