import { arn, partition } from './arn.ts'
import { contractRead, dataKeyUse, logsWrite, type PolicyKeys, tableAccess } from './control-plane-policies.ts'
import {
  boundaryArn,
  bucketArn,
  managedSecretArns,
  type PlatformNames,
  platformName,
  roleArns,
  sessionSecretArns,
} from './platform-names.ts'
import { allow, type PolicyStatement } from './policy.ts'

export interface RunnerScope {
  readonly restApiId: string
  readonly vpcId: string
  readonly clusterName: string
  readonly repositoryArn: string
}

/** What one run may do: its own bookkeeping, and what one server's stack is made of. Names begin with `<platform>-`. */
export function runnerPolicy(names: PlatformNames, keys: PolicyKeys, scope: RunnerScope): PolicyStatement[] {
  return [...bookkeeping(names, keys), ...images(scope), ...tasks(names, scope), ...routing(names, scope), ...roles(names)]
}

function bookkeeping(names: PlatformNames, keys: PolicyKeys): PolicyStatement[] {
  const state = bucketArn(names, 'state')
  const logGroups = arn(names, 'logs', `log-group:/gantry/${names.platform}/*`)
  return [
    logsWrite(names, `/aws/codebuild/${platformName(names)}-runner`),
    tableAccess(names, 'write'),
    dataKeyUse(keys),
    contractRead(names),
    allow(['s3:GetObject', 's3:PutObject', 's3:DeleteObject'], [`${state}/runs/*`, `${state}/servers/*`]),
    allow(['s3:GetObject'], [`${state}/rules/*`]),
    allow(['s3:ListBucket'], [state]),
    allow(['secretsmanager:DescribeSecret', 'secretsmanager:DeleteSecret'], [managedSecretArns(names)]),
    allow(
      [
        'secretsmanager:CreateSecret',
        'secretsmanager:UpdateSecret',
        'secretsmanager:PutSecretValue',
        // Provider 5.100 reads the value that it wrote, and keeps none.
        'secretsmanager:GetSecretValue',
        'secretsmanager:ListSecretVersionIds',
        'secretsmanager:GetResourcePolicy',
        'secretsmanager:TagResource',
        'secretsmanager:UntagResource',
      ],
      [sessionSecretArns(names)],
    ),
    allow(['secretsmanager:ListSecrets', 'secretsmanager:GetRandomPassword'], ['*']),
    allow(
      [
        'logs:CreateLogGroup',
        'logs:DeleteLogGroup',
        'logs:PutRetentionPolicy',
        'logs:AssociateKmsKey',
        'logs:TagResource',
        'logs:UntagResource',
      ],
      [logGroups],
    ),
    allow(['logs:ListTagsForResource', 'logs:GetLogEvents', 'logs:FilterLogEvents', 'logs:DescribeLogStreams'], [logGroups]),
    allow(['logs:DescribeLogGroups', 'tag:GetResources'], ['*']),
  ]
}

function images(scope: RunnerScope): PolicyStatement[] {
  return [
    allow(['ecr:GetAuthorizationToken'], ['*']),
    allow(['ecr:BatchGetImage', 'ecr:GetDownloadUrlForLayer', 'ecr:BatchCheckLayerAvailability'], [scope.repositoryArn]),
  ]
}

function tasks(names: PlatformNames, scope: RunnerScope): PolicyStatement[] {
  const inCluster = { ArnEquals: { 'ecs:cluster': arn(names, 'ecs', `cluster/${scope.clusterName}`) } }
  const service = arn(names, 'ecs', `service/${scope.clusterName}/${names.platform}-*`)
  const family = arn(names, 'ecs', `task-definition/${names.platform}-*`)
  return [
    allow(['ecs:CreateService', 'ecs:UpdateService', 'ecs:DeleteService'], [service], inCluster),
    allow(['ecs:DescribeServices', 'ecs:TagResource', 'ecs:UntagResource', 'ecs:ListTagsForResource'], [service, family]),
    allow(['ecs:RegisterTaskDefinition', 'ecs:DeleteTaskDefinitions'], [family]),
    allow(['ecs:DescribeTasks', 'ecs:ListTasks'], ['*'], inCluster),
    // These know no resource.
    allow(['ecs:DeregisterTaskDefinition', 'ecs:DescribeTaskDefinition', 'ecs:ListTaskDefinitions', 'ecs:ListServices'], ['*']),
    allow(
      [
        'application-autoscaling:RegisterScalableTarget',
        'application-autoscaling:DeregisterScalableTarget',
        'application-autoscaling:PutScalingPolicy',
        'application-autoscaling:DeleteScalingPolicy',
        'application-autoscaling:TagResource',
        'application-autoscaling:ListTagsForResource',
      ],
      [arn(names, 'application-autoscaling', 'scalable-target/*')],
    ),
    allow(['application-autoscaling:DescribeScalableTargets', 'application-autoscaling:DescribeScalingPolicies'], ['*']),
  ]
}

function routing(names: PlatformNames, scope: RunnerScope): PolicyStatement[] {
  const balancing = (kind: string) => arn(names, 'elasticloadbalancing', `${kind}/${names.platform}-*`)
  const group = arn(names, 'ec2', 'security-group/*')
  const api = `arn:${partition(names.region)}:apigateway:${names.region}::/restapis/${scope.restApiId}`
  const inVpc = { ArnEquals: { 'ec2:Vpc': arn(names, 'ec2', `vpc/${scope.vpcId}`) } }
  const tagged = { StringEquals: { 'aws:ResourceTag/gantry:platform': names.platform } }
  // The shared load balancer is `gantry-<platform>`; a server's own things begin with the platform's name.
  const shared = `${platformName(names)}/*`
  return [
    allow(
      ['elasticloadbalancing:Create*', 'elasticloadbalancing:Delete*', 'elasticloadbalancing:Modify*', 'elasticloadbalancing:Set*'],
      [balancing('targetgroup'), balancing('loadbalancer/app'), balancing('listener/app'), balancing('listener-rule/app')],
    ),
    allow(
      ['elasticloadbalancing:CreateRule', 'elasticloadbalancing:DeleteRule', 'elasticloadbalancing:ModifyRule'],
      [arn(names, 'elasticloadbalancing', `listener/app/${shared}`), arn(names, 'elasticloadbalancing', `listener-rule/app/${shared}`)],
    ),
    allow(
      ['elasticloadbalancing:AddTags', 'elasticloadbalancing:RemoveTags'],
      [
        ...['targetgroup', 'loadbalancer/app', 'listener/app', 'listener-rule/app'].map(balancing),
        arn(names, 'elasticloadbalancing', `listener-rule/app/${shared}`),
      ],
    ),
    allow(['elasticloadbalancing:Describe*', 'ec2:DescribeSecurityGroup*', 'ec2:DescribeVpcs', 'ec2:DescribeSubnets'], ['*']),
    allow(['ec2:DescribeNetworkInterfaces', 'ec2:DescribeAccountAttributes', 'ec2:DescribeInternetGateways'], ['*']),
    allow(['ec2:CreateSecurityGroup'], [group, arn(names, 'ec2', `vpc/${scope.vpcId}`)]),
    allow(
      [
        'ec2:DeleteSecurityGroup',
        'ec2:AuthorizeSecurityGroupIngress',
        'ec2:AuthorizeSecurityGroupEgress',
        'ec2:RevokeSecurityGroupIngress',
        'ec2:RevokeSecurityGroupEgress',
        'ec2:ModifySecurityGroupRules',
      ],
      [group, arn(names, 'ec2', 'security-group-rule/*')],
      { ...inVpc, ...tagged },
    ),
    allow(['ec2:CreateTags', 'ec2:DeleteTags'], [group, arn(names, 'ec2', 'security-group-rule/*')]),
    allow(['apigateway:GET'], [api, `${api}/*`]),
    allow(['apigateway:POST', 'apigateway:PUT', 'apigateway:PATCH', 'apigateway:DELETE'], [`${api}/resources`, `${api}/resources/*`]),
    allow(['apigateway:POST', 'apigateway:DELETE'], [`${api}/deployments`, `${api}/deployments/*`]),
    allow(['apigateway:PATCH'], [`${api}/stages/live`]),
  ]
}

/** Roles of servers only, never beyond the boundary, and handed to tasks only. */
function roles(names: PlatformNames): PolicyStatement[] {
  const resources = [roleArns(names)]
  return [
    allow(['iam:CreateRole', 'iam:PutRolePolicy'], resources, { StringEquals: { 'iam:PermissionsBoundary': boundaryArn(names) } }),
    allow(['iam:GetRole', 'iam:DeleteRole', 'iam:UpdateAssumeRolePolicy', 'iam:TagRole', 'iam:UntagRole', 'iam:ListRoleTags'], resources),
    allow(
      [
        'iam:GetRolePolicy',
        'iam:DeleteRolePolicy',
        'iam:ListRolePolicies',
        'iam:ListAttachedRolePolicies',
        'iam:ListInstanceProfilesForRole',
      ],
      resources,
    ),
    allow(['iam:PassRole'], resources, { StringEquals: { 'iam:PassedToService': 'ecs-tasks.amazonaws.com' } }),
    allow(['iam:CreateServiceLinkedRole'], ['*'], {
      StringEquals: {
        'iam:AWSServiceName': ['ecs.amazonaws.com', 'elasticloadbalancing.amazonaws.com', 'ecs.application-autoscaling.amazonaws.com'],
      },
    }),
  ]
}
