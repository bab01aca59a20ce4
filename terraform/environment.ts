const passed = [
  'PATH',
  'HOME',
  'USER',
  'LANG',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'AWS_ACCESS_KEY_ID',
  'AWS_SECRET_ACCESS_KEY',
  'AWS_SESSION_TOKEN',
  'AWS_REGION',
  'AWS_DEFAULT_REGION',
  'AWS_ENDPOINT_URL',
  'AWS_EC2_METADATA_DISABLED',
  'AWS_CONTAINER_CREDENTIALS_RELATIVE_URI',
  'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  'AWS_CONTAINER_AUTHORIZATION_TOKEN',
  // The sandbox's CodeBuild knows by it what belongs to a build.
  'CODEBUILD_BUILD_ID',
] as const

/** What Terraform and its providers get: the named variables of `base`, and nothing that would change how they behave. */
export function terraformEnvironment(base: Readonly<Record<string, string | undefined>>, cliConfigFile: string): Record<string, string> {
  const kept = passed.flatMap((name) => (base[name] === undefined ? [] : [[name, base[name]] as const]))
  return {
    ...Object.fromEntries(kept),
    TF_CLI_CONFIG_FILE: cliConfigFile,
    TF_IN_AUTOMATION: '1',
    TF_INPUT: '0',
    CHECKPOINT_DISABLE: '1',
    // The provider's start is a burst of garbage: a quarter less CPU.
    GOGC: '400',
  }
}
