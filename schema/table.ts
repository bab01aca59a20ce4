/** The one table as data: `store/` reads and writes it, PlatformStack and tests make it. Indexes project everything. */
export const tableDefinition = {
  hashKey: 'pk',
  rangeKey: 'sk',
  /** All are strings; an item without an index's keys is not in that index. */
  indexes: [
    /** Lists of a kind: servers, runs, keys, audit. */
    { name: 'gsi1', hashKey: 'gsi1pk', rangeKey: 'gsi1sk' },
    /** Runs that have not ended; audit by actor. */
    { name: 'gsi2', hashKey: 'gsi2pk', rangeKey: 'gsi2sk' },
    /** Runs of one server id, and its audit. */
    { name: 'gsi3', hashKey: 'gsi3pk', rangeKey: 'gsi3sk' },
  ],
  /** Seconds since the epoch; DynamoDB removes the item some time after. */
  timeToLiveAttribute: 'expiresAtEpoch',
} as const

export const tableName = (platform: string): string => `gantry-${platform}`
