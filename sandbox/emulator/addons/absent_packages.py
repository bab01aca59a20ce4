"""Stands in for packages that moto imports for calls nobody makes here (ImportRestApi): 15 packages less to install."""

import sys
from types import ModuleType


def _refuse(*_: object) -> None:
    raise NotImplementedError("ImportRestApi is not part of this emulator")


def _module(name: str, **symbols: object) -> None:
    module = ModuleType(name)
    vars(module).update(symbols)
    sys.modules.setdefault(name, module)


_module("openapi_spec_validator", validate=_refuse)
_module("openapi_spec_validator.validation")
_module("openapi_spec_validator.validation.exceptions", OpenAPIValidationError=type("OpenAPIValidationError", (Exception,), {}))
