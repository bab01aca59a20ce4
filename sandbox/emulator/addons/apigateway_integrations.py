"""API Gateway: the integration fields moto drops, and UpdateIntegration."""

import json

from moto.apigateway.models import Integration
from moto.apigateway.responses import APIGatewayResponse
from moto.core.utils import camelcase_to_underscores as snake

from patching import adds, replaces

KEPT = ("connectionId", "cacheKeyParameters", "responseTransferMode", "integrationTarget")
ATTRIBUTES = {"type": "integration_type", "httpMethod": "http_method", "passthroughBehavior": "passthrough_behaviour"}


def _integration(response):
    _, _, api, _, resource, _, method, *_ = response.path.split("/")
    return response.backend.get_integration(api, resource, method)


@replaces(APIGatewayResponse, "put_integration")
def put_integration(original, self):
    original(self)
    integration = _integration(self)
    integration.gantry_fields = {key: self._get_param(key) for key in KEPT if self._get_param(key) is not None}
    return 201, {"status": 201}, json.dumps(integration.to_json())


@replaces(Integration, "to_json")
def to_json(original, self):
    return {**original(self), **getattr(self, "gantry_fields", {})}


@adds(APIGatewayResponse, "update_integration")
def update_integration(self):
    integration = _integration(self)
    for operation in self._get_param("patchOperations"):
        _patch(integration, operation)
    return json.dumps(integration.to_json())


def _patch(integration, operation):
    name, _, key = operation["path"][1:].partition("/")
    value = operation.get("value")
    if name in KEPT:
        integration.gantry_fields = {**getattr(integration, "gantry_fields", {}), name: value}
    elif key:
        entries = dict(getattr(integration, snake(name)) or {})
        key = key.replace("~1", "/").replace("~0", "~")
        entries.pop(key, None)
        if operation["op"] != "remove":
            entries[key] = value
        setattr(integration, snake(name), entries)
    else:
        setattr(integration, ATTRIBUTES.get(name, snake(name)), int(value) if name == "timeoutInMillis" else value)
