"""KMS: key material comes from moto's own random source, so that a replayed CreateKey makes the same key."""

from cryptography.hazmat.primitives.asymmetric import ec
from moto.kms import models
from moto.moto_api._internal import mock_random

from patching import replaces


@replaces(models, "generate_master_key")
def generate_master_key(_original):
    return mock_random.randbytes(32)


@replaces(models, "generate_private_key")
def generate_private_key(original, key_spec):
    """RSA keys stay as the library makes them: nothing of ours signs with one."""
    key = original(key_spec)
    if isinstance(key.private_key, ec.EllipticCurvePrivateKey):
        # Below every order of these curves, and long enough to be one of its numbers.
        number = mock_random.getrandbits(key.private_key.key_size - 1) + 1
        key.private_key = ec.derive_private_key(number, key.private_key.curve)
    return key
