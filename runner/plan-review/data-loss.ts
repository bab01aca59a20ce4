import type { JsonObject } from '../../schema/json-object.ts'
import { sessionSecret } from '../../schema/managed-secret.ts'
import type { Risk } from '../../schema/plan-review.ts'
import { plannedAction } from '../../schema/planned-action.ts'
import { attributesOf } from './attributes-of.ts'
import type { ShownChange } from './shown-plan.ts'

/** Resources that hold data, and what is lost with them. */
const held: Readonly<Record<string, string>> = {
  aws_cloudwatch_log_group: 'every log event in it',
  aws_secretsmanager_secret: 'every version of its value',
  aws_secretsmanager_secret_version: 'the value of the secret',
  aws_ssm_parameter: 'its value',
  aws_s3_bucket: 'every object in it',
  aws_s3_object: 'its content',
  aws_dynamodb_table: 'every item in it',
  aws_efs_file_system: 'every file in it',
  aws_ebs_volume: 'all data on it',
  aws_db_instance: 'all data in it',
  aws_rds_cluster: 'all data in it',
  aws_elasticache_cluster: 'what the cache holds',
  aws_elasticache_replication_group: 'what the cache holds',
  aws_opensearch_domain: 'every index in it',
  aws_sqs_queue: 'every message in it',
  aws_kinesis_stream: 'every record in it',
  aws_ecr_repository: 'every image in it',
  aws_kms_key: 'all that the key encrypts',
}

/** Data that is gone after the plan. */
export function dataLoss(shown: ShownChange): Risk[] {
  const action = plannedAction(shown)
  const lost = held[shown.type]
  if (!lost || (action !== 'delete' && action !== 'replace')) return []
  const before = attributesOf(shown.change.before)
  // Terraform forgets it and leaves it where it is.
  if (before.skip_destroy === true || isDrawn(before)) return []
  const name = before.name ?? before.bucket ?? before.id
  const message = `It is ${action}d, and with it goes ${lost}.`
  return [{ kind: 'data-loss', address: shown.address, message, details: typeof name === 'string' ? [name] : [] }]
}

/** What session ids are sealed with was drawn by nobody's hand, and is drawn anew wherever it is needed. */
const isDrawn = ({ name, secret_id }: JsonObject): boolean => [name, secret_id].some((text) => String(text).includes(`/${sessionSecret}`))
