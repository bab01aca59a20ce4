"""The application in front of moto: every write is journalled before it is done and done again at the next start."""

import io
import os
import sys
import time

from werkzeug.test import run_wsgi_app

from . import randomness
from .journal import Journal, read_secret, write_header
from .snapshot import read_snapshot, restore, write_snapshot
from .writes import is_write

JOURNAL_BYTES = 32 * 1024 * 1024
#: A replay takes about as long as the requests took; longer than this and a snapshot is made.
REPLAY_SECONDS = 2.0
CANNOT_WRITE = 74
FIXED = {
    "wsgi.url_scheme": "http",
    "wsgi.version": (1, 0),
    "wsgi.multithread": True,
    "wsgi.multiprocess": False,
    "wsgi.run_once": False,
    "wsgi.errors": sys.stderr,
    "SCRIPT_NAME": "",
}


class Durable:
    """Call it for one request at a time, and `replay` before the first."""

    def __init__(self, application, directory: str):
        self.application = application
        self.snapshot_path = os.path.join(directory, "snapshot")
        self.unsaved_seconds = 0.0
        self.next_snapshot_after = REPLAY_SECONDS
        self.is_dirty = False
        os.makedirs(directory, mode=0o700, exist_ok=True)
        path = os.path.join(directory, "journal")
        if not os.path.exists(path):
            write_header(path, read_snapshot(self.snapshot_path).secret if os.path.exists(self.snapshot_path) else os.urandom(16).hex())
        self.journal = Journal(path, read_secret(path))
        randomness.use_secret(self.journal.secret)

    def replay(self) -> int:
        saved = 0
        if os.path.exists(self.snapshot_path):
            snapshot = read_snapshot(self.snapshot_path)
            restore(snapshot.backends)
            self.journal.number = saved = snapshot.number
        for number, environ, body in self.journal.read(after=saved):
            randomness.seed(number)
            self._do_again(environ, body)
        replayed = self.journal.rows
        if replayed:
            self.save()
        return replayed

    def __call__(self, environ, start_response, body: bytes):
        if not is_write(environ, body):
            return self.application(environ, start_response)
        self._journal(environ, body)
        randomness.seed(self.journal.number)
        started = time.perf_counter()
        answer = self.application(environ, start_response)
        self.unsaved_seconds += time.perf_counter() - started
        if self.unsaved_seconds > self.next_snapshot_after or self.journal.bytes > JOURNAL_BYTES:
            self.save()
        return answer

    def save(self) -> None:
        """A snapshot that fails costs nothing but the time of the next replay: the journal has it all."""
        if self.journal.rows == 0:
            return
        started = time.perf_counter()
        try:
            write_snapshot(self.snapshot_path, self.journal.number, self.journal.secret)
            self.journal.begin_anew()
        except Exception as error:
            print(f"no snapshot of the emulator was made: {error!r}", file=sys.stderr, flush=True)
        self.unsaved_seconds = 0.0
        # However much there is to save, saving stays a fifth of the work.
        self.next_snapshot_after = max(REPLAY_SECONDS, 4 * (time.perf_counter() - started))

    def sync(self) -> None:
        """What a power cut may take is what came since; a killed process takes nothing."""
        if self.is_dirty:
            self.is_dirty = False
            self._or_end(self.journal.sync)

    def _journal(self, environ, body) -> None:
        self._or_end(lambda: self.journal.append(environ, body))
        self.is_dirty = True

    def _do_again(self, environ, body) -> None:
        request = {**FIXED, **environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        run_wsgi_app(self.application, request, buffered=True)

    def _or_end(self, write) -> None:
        """A write that cannot be remembered is not done, and nothing is after it."""
        try:
            write()
        except OSError as error:
            print(f"it cannot write to {self.journal.path} ({error.strerror}); free the disk and start again.", file=sys.stderr, flush=True)
            os._exit(CANNOT_WRITE)
