const token = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:team/docs-token-AbCdEf'
const common = {
  name: 'Docs MCP',
  serverType: 'http',
  image: 'node:22',
  startCommand: ['node', 'server.js'],
  loadBalancer: { mode: 'dedicated' },
}
const read = { Effect: 'Allow', Action: 's3:GetObject', Resource: 'arn:aws:s3:::team-docs/*' }

/** One server before and after a change of many things, as callers sent them. */
export const sampleDefinitions = {
  first: {
    ...common,
    environment: { LOG_LEVEL: 'info', DOCS_ROOT: '/srv/docs' },
    secrets: { DOCS_TOKEN: { arn: token, jsonKey: 'v1' } },
    taskPolicy: [read],
    groups: ['docs'],
  },
  second: {
    ...common,
    cpu: 512,
    memoryLimitMiB: 1024,
    environment: { LOG_LEVEL: 'debug', DOCS_ROOT: '/srv/docs', CACHE: 'on' },
    secrets: { DOCS_TOKEN: { arn: token, jsonKey: 'v2' } },
    taskPolicy: [{ ...read, Action: ['s3:GetObject', 's3:PutObject'] }],
    autoScalingConfig: { minCapacity: 2, maxCapacity: 4, metricName: 'MemoryUtilization', targetValue: 70 },
    loadBalancerConfig: { healthCheckConfig: { path: '/ready', interval: 30 } },
    groups: ['docs', 'support'],
  },
} satisfies Record<string, Record<string, unknown>>
