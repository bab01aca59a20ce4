"""The writes since the snapshot, one JSON line each, written before they are done."""

import base64
import json
import os
from typing import Iterator

from .files import write_whole

FORMAT = 1
KEPT = {
    "REQUEST_METHOD",
    "PATH_INFO",
    "RAW_URI",
    "REQUEST_URI",
    "QUERY_STRING",
    "CONTENT_TYPE",
    "SERVER_NAME",
    "SERVER_PORT",
    "SERVER_PROTOCOL",
    "REMOTE_ADDR",
}
DROPPED = ("HTTP_USER_AGENT", "HTTP_AMZ_SDK_", "HTTP_ACCEPT", "HTTP_CONNECTION", "HTTP_COOKIE")


class DamagedStore(Exception):
    """Its text is a sentence with the fix."""


class Journal:
    """`number` counts every write of the store's life; a row keeps its own, so rows may go without changing others."""

    def __init__(self, path: str, secret: str):
        self.path = path
        self.secret = secret
        self.number = 0
        self._open_whole()

    def append(self, environ: dict, body: bytes) -> None:
        """Raises OSError when the disk is full; what was written of the row is cut off at the next start."""
        self.number += 1
        row = json.dumps({"number": self.number, "environ": _kept(environ), "body": base64.b64encode(body).decode()})
        line = memoryview(f"{row}\n".encode())
        self.bytes += len(line)
        self.rows += 1
        while line:
            line = line[os.write(self._file, line) :]

    def read(self, after: int) -> Iterator[tuple[int, dict, bytes]]:
        """Rows behind `after`; the journal is then open behind its last whole row."""
        with open(self.path, "rb") as file:
            file.readline()
            for line in file:
                row = json.loads(line)
                self.number = max(self.number, row["number"])
                if row["number"] > after:
                    self.rows += 1
                    self.bytes += len(line)
                    yield row["number"], row["environ"], base64.b64decode(row["body"])

    def sync(self) -> None:
        os.fdatasync(self._file) if hasattr(os, "fdatasync") else os.fsync(self._file)

    def begin_anew(self) -> None:
        """Once a snapshot holds what the rows did."""
        os.close(self._file)
        write_header(self.path, self.secret)
        self._open_whole()

    def _open_whole(self) -> None:
        self.rows = self.bytes = 0
        self._file = os.open(self.path, os.O_WRONLY | os.O_APPEND)
        os.ftruncate(self._file, _whole_length(self.path))


def write_header(path: str, secret: str) -> None:
    write_whole(path, lambda file: file.write(json.dumps({"format": FORMAT, "secret": secret}).encode() + b"\n"))


def read_secret(path: str) -> str:
    with open(path, "rb") as file:
        try:
            header = json.loads(file.readline())
        except ValueError:
            header = {}
    if header.get("format") != FORMAT:
        raise DamagedStore(f"{path} was written by another version of the emulator; begin anew with `npm start -- --reset`.")
    return header["secret"]


def _whole_length(path: str) -> int:
    """Bytes up to the last whole row: a process killed while it wrote leaves half of one, which was never done."""
    length = 0
    with open(path, "rb") as file:
        lines = enumerate(file, 1)
        for number, line in lines:
            if not _is_whole(line):
                if next(lines, None) is not None:
                    raise DamagedStore(f"{path} is damaged in line {number}; begin anew with `npm start -- --reset`.")
                break
            length += len(line)
    return length


def _is_whole(line: bytes) -> bool:
    if not line.endswith(b"\n"):
        return False
    try:
        json.loads(line)
    except ValueError:
        return False
    return True


def _kept(environ: dict) -> dict:
    return {
        key: value
        for key, value in environ.items()
        if key in KEPT or key.startswith("moto.") or (key.startswith("HTTP_") and not key.startswith(DROPPED))
    }
