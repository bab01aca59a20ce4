"""The HTTP server in front of moto, and what it does between requests."""

import fcntl
import os
import secrets
import signal
import socket
import sys
import threading

from moto.moto_server.werkzeug_app import MotoRequestHandler
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

from failing_for_good import failing_for_good
from memory import randomness
from memory.durable import Durable
from one_at_a_time import OneAtATime


class Handler(MotoRequestHandler):
    """Keeps connections, which saves the front a handshake for each request, and logs none of them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, *_args, **_kwargs):
        pass


def serve(port, store, on_ready):
    """Never returns. `on_ready(port, replayed)` is called when requests are answered; without a store nothing is kept."""
    listening = _listen(port)
    moto = failing_for_good(DomainDispatcherApplication(create_backend_app))
    durable = None if store is None else _durable(moto, store)
    if durable is None:
        randomness.use_secret(secrets.token_hex(16))
    application = OneAtATime(durable or (lambda environ, start_response, _body: moto(environ, start_response)))
    server = make_server(
        "127.0.0.1", port, application, threaded=True, request_handler=Handler, fd=listening.fileno()
    )
    server.daemon_threads = True
    _end_well(application.lock, durable)
    replayed = durable.replay() if durable else 0
    if durable:
        threading.Thread(target=_sync_each_second, args=(application.lock, durable), daemon=True).start()
    on_ready(listening.getsockname()[1], replayed)
    server.serve_forever()


def _listen(port):
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError as error:
        sys.exit(f"port {port} of 127.0.0.1 cannot be listened on ({error.strerror}).")
    listening.listen(128)
    return listening


def _durable(moto, store):
    os.makedirs(store, mode=0o700, exist_ok=True)
    # Held open for the life of the process; the kernel lets go of it however that ends.
    lock = os.open(os.path.join(store, "lock"), os.O_RDWR | os.O_CREAT, 0o600)
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        sys.exit(f"another emulator runs on {store}.")
    return Durable(moto, store)


def _sync_each_second(lock, durable):
    pause = threading.Event()
    while not pause.wait(1):
        with lock:
            durable.sync()


def _end_well(lock, durable):
    def end(*_):
        with lock:
            if durable:
                durable.save()
            os._exit(0)

    signal.signal(signal.SIGTERM, end)
    # Ctrl-C reaches the whole group; whoever started this one ends it when its own work is done.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
