"""A pickler that knows the few things in moto's backends which pickle does not."""

import marshal
import pickle
import sys
import threading
from copyreg import dispatch_table
from types import CellType, CodeType, FunctionType
from weakref import WeakValueDictionary

from cryptography.hazmat.bindings._rust import openssl
from cryptography.hazmat.primitives import serialization
from moto.s3.utils import _VersionedKeyStore
from moto.ssm.models import ParameterDict


class StatePickler(pickle.Pickler):
    def __init__(self, file):
        super().__init__(file, protocol=5)
        self.dispatch_table = {**dispatch_table, **_by_exact_type}

    def reducer_override(self, value):
        """Functions never reach the dispatch table; those made inside another one (`defaultdict(lambda: …)`) go by their code."""
        if type(value) is FunctionType and "<" in value.__qualname__:
            closure = [cell.cell_contents for cell in value.__closure__ or ()]
            return _function, (value.__module__, marshal.dumps(value.__code__), value.__defaults__, closure)
        return NotImplemented


def _function(module: str, code: bytes, defaults: tuple | None, closure: list) -> FunctionType:
    loaded: CodeType = marshal.loads(code)
    cells = tuple(CellType(content) for content in closure)
    return FunctionType(loaded, vars(sys.modules[module]), loaded.co_name, defaults, cells)


def _take_key_apart(key):
    der = key.private_bytes(serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    return _key, (der,)


def _key(der: bytes):
    return serialization.load_der_private_key(der, None)


def _take_parameters_apart(parameters: ParameterDict):
    """As a defaultdict it would be made again without the arguments its own constructor wants."""
    made_with = (parameters.account_id, parameters.region_name)
    return ParameterDict, made_with, vars(parameters), None, iter(parameters.items())


def _take_weak_apart(values: WeakValueDictionary):
    """Whoever else holds the values is in the pickle too."""
    return WeakValueDictionary, (), None, None, iter(list(values.items()))


def _take_versions_apart(keys: _VersionedKeyStore):
    """Its `items` are the newest versions alone; setting an item adds a version."""
    return _VersionedKeyStore, (), None, None, ((key, version) for key, versions in keys.lists() for version in versions)


_by_exact_type = {
    openssl.ec.ECPrivateKey: _take_key_apart,
    openssl.rsa.RSAPrivateKey: _take_key_apart,
    type(threading.Lock()): lambda _: (threading.Lock, ()),
    type(threading.RLock()): lambda _: (threading.RLock, ()),
    ParameterDict: _take_parameters_apart,
    WeakValueDictionary: _take_weak_apart,
    _VersionedKeyStore: _take_versions_apart,
}
