import { Construct } from 'constructs'
import { tableName } from '../schema/table.ts'
import { Bucket } from './bucket.ts'
import { Keys } from './keys.ts'
import { bucketName, type PlatformNames, platformName } from './platform-names.ts'
import { Repository } from './repository.ts'
import { Table } from './table.ts'

export interface PlatformStorageProps {
  readonly names: PlatformNames
  /** `destroy`: a destroy of the platform takes the data with it. */
  readonly removal: 'retain' | 'destroy'
}

/** Runs can be looked at for this long; what a server was last made from stays as long as the server. */
const runDays = 90
const noncurrentDays = 30

/** What outlives any server: keys, table, buckets, images. */
export class PlatformStorage extends Construct {
  readonly keys: Keys
  readonly table: Table
  readonly state: Bucket
  readonly artifacts: Bucket
  readonly repository: Repository

  constructor(scope: Construct, id: string, props: PlatformStorageProps) {
    super(scope, id)
    const { names } = props
    const name = platformName(names)
    const destroy = props.removal === 'destroy'
    this.keys = new Keys(this, 'keys', {
      name,
      region: names.region,
      account: names.account,
      deletionWindowDays: destroy ? 7 : 30,
    })
    const kmsKeyArn = this.keys.dataKeyArn
    this.table = new Table(this, 'table', { name: tableName(names.platform), kmsKeyArn, deletionProtection: !destroy })
    const bucket = { kmsKeyArn, noncurrentDays, forceDestroy: destroy }
    this.state = new Bucket(this, 'state', { ...bucket, name: bucketName(names, 'state'), expiry: { 'runs/': runDays } })
    this.artifacts = new Bucket(this, 'artifacts', { ...bucket, name: bucketName(names, 'artifacts') })
    this.repository = new Repository(this, 'images', { name: `gantry/${names.platform}`, forceDelete: destroy })
  }
}
