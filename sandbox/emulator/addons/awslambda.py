"""Lambda: logging and dead-letter configuration are given back."""

from moto.awslambda.models import LambdaFunction

from patching import replaces


@replaces(LambdaFunction, "__init__")
def init(original, self, account_id, spec, *args, **kwargs):
    original(self, account_id, spec, *args, **kwargs)
    self.gantry_fields = {key: spec[key] for key in ("DeadLetterConfig", "LoggingConfig") if spec.get(key)}


@replaces(LambdaFunction, "get_configuration")
def get_configuration(original, self, *args, **kwargs):
    return {**original(self, *args, **kwargs), **getattr(self, "gantry_fields", {})}
