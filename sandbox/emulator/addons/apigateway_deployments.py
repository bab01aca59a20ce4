"""API Gateway: a deployment is a snapshot of the whole API, as in AWS; moto would serve what is live.

`GET /_gantry/restapis/<api>/deployments/<id>` answers what the deployment holds.
"""

import json
import re

from moto.apigateway.exceptions import BadRequestException, StageStillActive
from moto.apigateway.models import APIGatewayBackend, RestAPI, apigateway_backends
from moto.server import DomainDispatcherApplication

from patching import replaces

SNAPSHOT = re.compile(r"^/_gantry/restapis/([^/]+)/deployments/([^/]+)$")


@replaces(RestAPI, "update_integration_mocks")
def update_integration_mocks(_original, _self, _stage_name):
    """These are for tests inside moto's own process; here they would only pile up."""


@replaces(APIGatewayBackend, "create_deployment")
def create_deployment(original, self, function_id, name, description="", stage_variables=None):
    api = self.get_rest_api(function_id)
    methods = [method for resource in api.resources.values() for method in resource.resource_methods.values()]
    if any(method.method_integration is None for method in methods):
        raise BadRequestException("No integration defined for method")
    stage = api.stages.get(name)
    deployment = original(self, function_id, name, description, stage_variables)
    deployment.gantry_snapshot = json.loads(json.dumps(_content(api)))
    if stage is not None:
        # A stage that exists is moved to the deployment; its settings stay.
        stage.deployment_id = deployment.id
        api.stages[name] = stage
    return deployment


def _content(api):
    return {
        "resources": [resource.to_dict() for resource in api.resources.values()],
        "authorizers": [authorizer.to_json() for authorizer in api.authorizers.values()],
        "gatewayResponses": [response.to_json() for response in api.gateway_responses.values()],
    }


@replaces(APIGatewayBackend, "delete_deployment")
def delete_deployment(original, self, function_id, deployment_id):
    api = self.get_rest_api(function_id)
    if any(stage.deployment_id == deployment_id for stage in api.stages.values()):
        raise StageStillActive()
    if deployment_id in api.deployments:
        # moto asks for the stage it was made with, which may have moved on.
        api.deployments[deployment_id].stage_name = None
    return original(self, function_id, deployment_id)


@replaces(APIGatewayBackend, "update_stage")
def update_stage(original, self, function_id, stage_name, patch_operations):
    deployments = self.get_rest_api(function_id).deployments
    for operation in patch_operations:
        if operation["path"] == "/deploymentId" and operation.get("value") not in deployments:
            raise BadRequestException("Deployment id does not exist")
    return original(self, function_id, stage_name, patch_operations)


@replaces(DomainDispatcherApplication, "__call__")
def answer_snapshot(original, self, environ, start_response):
    asked = SNAPSHOT.match(environ["PATH_INFO"])
    if not asked:
        return original(self, environ, start_response)
    found = _find(*asked.groups())
    body = json.dumps({"message": "Invalid Deployment identifier specified"} if found is None else found).encode()
    status = "404 Not Found" if found is None else "200 OK"
    start_response(status, [("Content-Type", "application/json"), ("Content-Length", str(len(body)))])
    return [body]


def _find(api_id, deployment_id):
    for regions in apigateway_backends.values():
        for backend in regions.values():
            deployments = backend.apis[api_id].deployments if api_id in backend.apis else {}
            if deployment_id in deployments:
                return getattr(deployments[deployment_id], "gantry_snapshot", {"resources": []})
    return None
