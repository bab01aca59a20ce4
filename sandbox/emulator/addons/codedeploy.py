"""CodeDeploy: delete and update, and the answers' shape that the provider expects."""

import json

from moto.codedeploy import responses
from moto.codedeploy.responses import CodeDeployResponse
from moto.core.utils import camelcase_to_underscores as snake

from patching import adds, replaces, requires

requires(CodeDeployResponse, "codedeploy_backend")


@replaces(responses, "_deployment_group_info")
def deployment_group_info(original, group):
    alarms = group.alarm_configuration
    return {
        **original(group),
        "alarmConfiguration": alarms if isinstance(alarms, dict) else {},
        "outdatedInstancesStrategy": group.outdated_instances_strategy or "UPDATE",
    }


def _groups(response):
    return response.codedeploy_backend.deployment_groups.get(response._get_param("applicationName"), {})


@adds(CodeDeployResponse, "delete_application")
def delete_application(self):
    self.codedeploy_backend.applications.pop(self._get_param("applicationName"), None)
    return "{}"


@adds(CodeDeployResponse, "delete_deployment_group")
def delete_deployment_group(self):
    _groups(self).pop(self._get_param("deploymentGroupName"), None)
    return '{"hooksNotCleanedUp":[]}'


@adds(CodeDeployResponse, "update_deployment_group")
def update_deployment_group(self):
    group = _groups(self)[self._get_param("currentDeploymentGroupName")]
    for key, value in json.loads(self.body).items():
        if value is not None and hasattr(group, snake(key)):
            setattr(group, snake(key), value)
    return "{}"
