import { DynamodbTable } from '@cdktf/provider-aws/lib/dynamodb-table/index.js'
import { Construct } from 'constructs'
import { tableDefinition } from '../schema/table.ts'

export interface TableProps {
  readonly name: string
  readonly kmsKeyArn: string
  readonly deletionProtection: boolean
}

/** What Gantry remembers: the one table, on demand, with point-in-time recovery. */
export class Table extends Construct {
  readonly name: string
  readonly arn: string

  constructor(scope: Construct, id: string, props: TableProps) {
    super(scope, id)
    const { hashKey, rangeKey, indexes, timeToLiveAttribute } = tableDefinition
    const keys = [hashKey, rangeKey, ...indexes.flatMap((index) => [index.hashKey, index.rangeKey])]
    const table = new DynamodbTable(this, 'table', {
      name: props.name,
      billingMode: 'PAY_PER_REQUEST',
      hashKey,
      rangeKey,
      attribute: keys.map((name) => ({ name, type: 'S' })),
      globalSecondaryIndex: indexes.map((index) => ({ ...index, projectionType: 'ALL' })),
      ttl: { attributeName: timeToLiveAttribute, enabled: true },
      pointInTimeRecovery: { enabled: true },
      serverSideEncryption: { enabled: true, kmsKeyArn: props.kmsKeyArn },
      deletionProtectionEnabled: props.deletionProtection,
    })
    this.name = table.name
    this.arn = table.arn
  }
}
