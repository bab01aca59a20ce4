"""Core: moto keeps every object it ever made for its dashboard; in a process that lives for days that is a leak."""

from moto.core.common_models import BaseModel

from patching import replaces


@replaces(BaseModel, "__new__")
def new(_original, cls, *_args, **_kwargs):
    return object.__new__(cls)
