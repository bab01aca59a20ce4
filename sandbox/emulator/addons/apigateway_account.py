"""API Gateway's account settings: provider 6.x takes the log role away with an operation that carries no value."""

from moto.apigateway.models import Account

from patching import replaces


@replaces(Account, "apply_patch_operations")
def apply_patch_operations(original, self, patch_operations):
    return original(self, [{"value": None, **operation} for operation in patch_operations])
