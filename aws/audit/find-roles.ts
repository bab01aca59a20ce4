import { GetRoleCommand, type IAMClient, ListRolePoliciesCommand, NoSuchEntityException } from '@aws-sdk/client-iam'
import { type AuditedServer, type FoundResource, isTaggedFor } from './found-resource.ts'

/** The server's role by its exact name, and its inline policies. */
export async function findRole(iam: IAMClient, name: string, server: AuditedServer): Promise<FoundResource[]> {
  try {
    const { Role } = await iam.send(new GetRoleCommand({ RoleName: name }))
    if (!isTaggedFor(server, Role?.Tags)) return []
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
