/** One statement of an IAM policy. */
export interface PolicyStatement {
  readonly Sid?: string
  readonly Effect: 'Allow' | 'Deny'
  readonly Principal?: '*' | { readonly [kind: string]: string | readonly string[] }
  readonly Action: string | readonly string[]
  readonly Resource?: string | readonly string[]
  readonly Condition?: { readonly [operator: string]: { readonly [key: string]: string | readonly string[] } }
}

/** A policy document as an object, for values that travel as data. */
export function policy(statements: readonly PolicyStatement[]): { Version: '2012-10-17'; Statement: readonly PolicyStatement[] } {
  return { Version: '2012-10-17', Statement: statements }
}

/** A policy document as the text that IAM, KMS, S3 and ECR take. */
export function policyJson(statements: readonly PolicyStatement[]): string {
  return JSON.stringify(policy(statements))
}

export function allow(actions: readonly string[], resources: readonly string[], condition?: PolicyStatement['Condition']): PolicyStatement {
  return { Effect: 'Allow', Action: actions, Resource: resources, ...(condition ? { Condition: condition } : {}) }
}
