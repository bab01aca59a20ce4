"""ECS: every service field kept, service deployments, which provider 6.x waits for, deleted services found by no tag, and
revisions of a family that count on when the family was deleted."""

from moto.core.responses import ActionResult
from moto.core.utils import camelcase_to_underscores as snake
from moto.ecs.models import EC2ContainerServiceBackend
from moto.ecs.responses import EC2ContainerServiceResponse

from patching import adds, replaces, requires

requires(EC2ContainerServiceResponse, "ecs_backend")


def _service(response, name):
    return response.ecs_backend._get_service(response._get_param("cluster", "default"), response._get_param(name))


@replaces(EC2ContainerServiceResponse, "create_service")
def create_service(original, self):
    original(self)
    service = _service(self, "serviceName")
    for key, value in self._get_params().items():
        if value is not None and not hasattr(service, snake(key)) and key not in ("cluster", "serviceName", "clientToken", "role"):
            setattr(service, snake(key), value)
    if self._get_param("serviceConnectConfiguration") and service.deployments:
        service.deployments[0]["serviceConnectConfiguration"] = self._get_param("serviceConnectConfiguration")
    if self._get_param("enableECSManagedTags") is not None:
        service.enable_ecs_managed_tags = self._get_param("enableECSManagedTags")
    return ActionResult({"service": service})


@replaces(EC2ContainerServiceBackend, "iter_tagged_resources")
def iter_tagged_resources(original, self):
    deleted = {service.physical_resource_id for service in self.services.values() if service.status == "INACTIVE"}
    return (resource for resource in original(self) if resource.arn not in deleted)


@replaces(EC2ContainerServiceBackend, "register_task_definition")
def register_task_definition(original, self, family, *args, **kwargs):
    definition = original(self, family, *args, **kwargs)
    last_revisions = vars(self).setdefault("last_revisions", {})
    revision = max(definition.revision, last_revisions.get(family, 0) + 1)
    # An ARN never means another task definition later on.
    if revision != definition.revision:
        self.task_definitions[family][revision] = self.task_definitions[family].pop(definition.revision)
        definition.revision = revision
        definition.arn = f"{definition.arn.rpartition(':')[0]}:{revision}"
    last_revisions[family] = revision
    return definition


@adds(EC2ContainerServiceResponse, "list_service_deployments")
def list_service_deployments(self):
    return ActionResult({"serviceDeployments": _deployments_of(_service(self, "service"))})


@adds(EC2ContainerServiceResponse, "describe_service_deployments")
def describe_service_deployments(self):
    wanted = self._get_param("serviceDeploymentArns")
    known = [deployment for service in self.ecs_backend.services.values() for deployment in _deployments_of(service)]
    return ActionResult({"serviceDeployments": [one for one in known if one["serviceDeploymentArn"] in wanted], "failures": []})


def _deployments_of(service):
    """What DescribeServices says, in this call's words."""
    return [
        {
            "serviceDeploymentArn": f"{service.arn.replace(':service/', ':service-deployment/')}/{deployment['id'].split('/')[1]}",
            "serviceArn": service.arn,
            "clusterArn": service.cluster_arn,
            "createdAt": deployment["createdAt"],
            "startedAt": deployment["createdAt"],
            "finishedAt": deployment["updatedAt"],
            "targetServiceRevisionArn": f"{service.arn.replace(':service/', ':service-revision/')}/{deployment['id'].split('/')[1]}",
            "status": "SUCCESSFUL" if deployment["rolloutState"] == "COMPLETED" else "IN_PROGRESS",
        }
        for deployment in service.deployments
    ]
