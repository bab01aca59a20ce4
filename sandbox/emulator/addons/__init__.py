"""What AWS providers 5.100 and 6.4x need and moto 5.2.5 lacks, one file for each service."""

from . import absent_packages  # noqa: F401 isort: skip (first: moto imports what it stands in for)
from . import (  # noqa: F401
    apigateway_account,
    apigateway_deployments,
    apigateway_integrations,
    applicationautoscaling,
    awslambda,
    cloudwatch,
    codebuild,
    codedeploy,
    core,
    dynamodb,
    ec2,
    ecs,
    elbv2,
    events,
    kms,
    s3,
    secretsmanager,
    sqs,
    stepfunctions,
)
