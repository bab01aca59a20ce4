"""Ids that a replay draws again: moto's random source is seeded for each write and for each backend.

The store's secret is part of every seed: without it nobody can compute the keys that KMS draws.
"""

from moto.core.base_backend import AccountSpecificBackend
from moto.moto_api._internal import mock_random

from patching import replaces

_secret = ""


def use_secret(secret: str) -> None:
    global _secret
    _secret = secret


def seed(number: int) -> None:
    mock_random.seed(f"{_secret}:{number}")


@replaces(AccountSpecificBackend, "__getitem__")
def get_backend(original, self, region_name):
    """A backend is made by whoever asks first, also by a read, which no journal holds; it draws ids of its own (default VPC)."""
    region_name = "aws" if region_name == "global" else region_name
    if region_name in self:
        return original(self, region_name)
    before = mock_random.getstate()
    mock_random.seed(f"{_secret}:{self.service_name}:{self.account_id}:{region_name}")
    try:
        return original(self, region_name)
    finally:
        mock_random.setstate(before)
