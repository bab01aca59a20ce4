"""Everything moto's backends hold, as one pickle, so that objects which several backends share stay one."""

import importlib
import pickle
import sys
from dataclasses import dataclass
from importlib.metadata import version

from moto.core.base_backend import BackendDict

from .files import write_whole
from .journal import DamagedStore
from .state_pickler import StatePickler

FORMAT = f"1, moto {version('moto')}, Python {sys.version_info.major}.{sys.version_info.minor}"


@dataclass
class Snapshot:
    #: Of the last write it holds.
    number: int
    secret: str
    backends: dict


def write_snapshot(path: str, number: int, secret: str) -> None:
    write_whole(path, lambda file: _dump(file, number, secret))


def _dump(file, number: int, secret: str) -> None:
    pickler = StatePickler(file)
    # In two parts, so that a snapshot of another format is known before its objects are made.
    pickler.dump(FORMAT)
    pickler.clear_memo()
    pickler.dump((number, secret, _content()))


def read_snapshot(path: str) -> Snapshot:
    with open(path, "rb") as file:
        found = pickle.load(file)
        if found != FORMAT:
            raise DamagedStore(
                f"{path} was written by another version of the emulator ({found}, this is {FORMAT}); "
                "begin anew with `npm start -- --reset`."
            )
        return Snapshot(*pickle.load(file))


def restore(backends: dict) -> None:
    for (module, name), accounts in backends.items():
        known = _backend_dict(module, name)
        for account, regions in accounts.items():
            for region, backend in regions.items():
                dict.__setitem__(known[account], region, backend)


def _content() -> dict:
    return {
        (known.backend.__module__, known.backend.__name__): {account: dict(regions) for account, regions in known.items()}
        for known in BackendDict._instances
    }


def _backend_dict(module: str, name: str) -> BackendDict:
    """The module's own dictionary of these backends."""
    for value in vars(importlib.import_module(module)).values():
        if isinstance(value, BackendDict) and value.backend.__name__ == name:
            return value
    raise DamagedStore(f"The snapshot holds {module}.{name}, which this emulator does not have; begin anew with `npm start -- --reset`.")
