"""Secrets Manager: whatever is asked of a secret that is gone says so; moto checks it for some calls only and fails in the others."""

from moto.secretsmanager.exceptions import SecretNotFoundException
from moto.secretsmanager.models import SecretsStore

from patching import replaces


@replaces(SecretsStore, "__getitem__")
def getitem(original, self, key):
    try:
        return original(self, key)
    except KeyError:
        raise SecretNotFoundException from None
