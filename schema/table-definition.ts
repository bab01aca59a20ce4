const text = 'S' as const

/** The one DynamoDB table as plain data, so that PlatformStack and tests create the same. All indexes project ALL. */
export const tableDefinition = {
  hashKey: 'pk',
  rangeKey: 'sk',
  attributes: ['pk', 'sk', 'gsi1pk', 'gsi1sk', 'gsi2pk', 'gsi2sk', 'gsi3pk', 'gsi3sk'].map((name) => ({ name, type: text })),
  indexes: [
    /** Lists of a kind: servers, runs, keys. */
    { name: 'gsi1', hashKey: 'gsi1pk', rangeKey: 'gsi1sk' },
    /** Runs that have not ended; sparse. */
    { name: 'gsi2', hashKey: 'gsi2pk', rangeKey: 'gsi2sk' },
    /** Runs of one server id. */
    { name: 'gsi3', hashKey: 'gsi3pk', rangeKey: 'gsi3sk' },
  ],
  billingMode: 'PAY_PER_REQUEST',
  ttlAttribute: 'ttl',
} as const
