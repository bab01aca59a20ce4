"""The HTTP server in front of moto."""

import signal
import sys

from moto.server import DomainDispatcherApplication, create_backend_app
from moto.moto_server.werkzeug_app import MotoRequestHandler
from werkzeug.serving import make_server

from one_at_a_time import OneAtATime


class Handler(MotoRequestHandler):
    """Keeps connections, which saves the front a handshake for each request, and logs none of them."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_request(self, *_args, **_kwargs):
        pass


def serve(port, store, on_ready):
    application = OneAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", port, application, threaded=True, request_handler=Handler)
    server.daemon_threads = True
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    on_ready(server.port, 0)
    server.serve_forever()
