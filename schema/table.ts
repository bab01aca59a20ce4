/** The one table as data: `store/` reads and writes it, PlatformStack makes it, the store's tests create it from this. */
export const tableDefinition = {
  hashKey: 'pk',
  rangeKey: 'sk',
  /** All are strings; an item without an index's keys is not in that index. */
  indexes: [
    { name: 'gsi1', hashKey: 'gsi1pk', rangeKey: 'gsi1sk' },
    { name: 'gsi2', hashKey: 'gsi2pk', rangeKey: 'gsi2sk' },
  ],
  /** Seconds since the epoch; DynamoDB removes the item some time after. */
  timeToLiveAttribute: 'expiresAtEpoch',
} as const

export const tableName = (platform: string): string => `gantry-${platform}`
