const variables = [
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'REQUESTS_CA_BUNDLE',
  'CURL_CA_BUNDLE',
  'PIP_CERT',
  'PIP_INDEX_URL',
  'UV_INDEX_URL',
  'npm_config_registry',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'NO_PROXY',
]

/**
 * The user's variables that say how this machine reaches the network, for start commands that download.
 * A server needs them to run here at all, as a container would its engine's proxy settings. A value with a user and
 * password in it stays behind, and so does everything else.
 */
export function hostNetwork(environment: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    variables.flatMap((name) => {
      const value = environment[name]
      return value && !/\/\/[^/]*@/.test(value) ? [[name, value]] : []
    }),
  )
}
