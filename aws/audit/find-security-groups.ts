import { DescribeSecurityGroupRulesCommand, DescribeSecurityGroupsCommand, type EC2Client } from '@aws-sdk/client-ec2'
import { type AuditedServer, belongsTo, type FoundResource, isTaggedFor } from './found-resource.ts'

/** Security groups by name, with every rule in them. */
export async function findSecurityGroups(ec2: EC2Client, vpcId: string, server: AuditedServer): Promise<FoundResource[]> {
  const Filters = [
    { Name: 'vpc-id', Values: [vpcId] },
    { Name: 'group-name', Values: [`${server.platform}-${server.id}*`] },
  ]
  const { SecurityGroups = [] } = await ec2.send(new DescribeSecurityGroupsCommand({ Filters }))
  const ours = SecurityGroups.filter(({ GroupName = '', Tags }) => belongsTo(server, GroupName) && isTaggedFor(server, Tags))
  const found = await Promise.all(
    ours.map(async ({ GroupId = '', GroupName = '' }) => {
      const rules = await ec2.send(new DescribeSecurityGroupRulesCommand({ Filters: [{ Name: 'group-id', Values: [GroupId] }] }))
      return [
        { type: 'aws_security_group', name: GroupName, importId: GroupId },
        ...(rules.SecurityGroupRules ?? []).map((rule) => ({
          type: `aws_vpc_security_group_${rule.IsEgress ? 'egress' : 'ingress'}_rule`,
          name: `${GroupName} ${rule.Description ?? ''}`,
          importId: rule.SecurityGroupRuleId ?? '',
        })),
      ]
    }),
  )
  return found.flat()
}
