import { GetRoleCommand, type IAMClient, ListRolePoliciesCommand, NoSuchEntityException } from '@aws-sdk/client-iam'
import type { FoundResource } from './found-resource.ts'

/** A role by its exact name, and its inline policies. */
export async function findRole(iam: IAMClient, name: string): Promise<FoundResource[]> {
  try {
    await iam.send(new GetRoleCommand({ RoleName: name }))
    const { PolicyNames = [] } = await iam.send(new ListRolePoliciesCommand({ RoleName: name }))
    const policies = PolicyNames.map((policy) => `${name}:${policy}`)
    return [
      { type: 'aws_iam_role', name, importId: name },
      ...policies.map((policy) => ({ type: 'aws_iam_role_policy', name: policy, importId: policy })),
    ]
  } catch (error) {
    if (error instanceof NoSuchEntityException) return []
    throw error
  }
}
