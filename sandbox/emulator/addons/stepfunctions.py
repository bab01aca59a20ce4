"""Step Functions: two questions the provider asks on every plan."""

from moto.core.responses import ActionResult
from moto.stepfunctions.responses import StepFunctionResponse

from patching import adds


@adds(StepFunctionResponse, "validate_state_machine_definition")
def validate_state_machine_definition(self):
    return ActionResult({"result": "OK", "diagnostics": [], "truncated": False})


@adds(StepFunctionResponse, "list_state_machine_versions")
def list_state_machine_versions(self):
    return ActionResult({"stateMachineVersions": []})
