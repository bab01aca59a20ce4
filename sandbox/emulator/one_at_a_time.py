"""moto has no locks: one request at a time, read and answered whole."""

import io
import threading


class OneAtATime:
    def __init__(self, application):
        self.application = application
        self.lock = threading.RLock()

    def __call__(self, environ, start_response):
        body = environ["wsgi.input"].read() if "HTTP_TRANSFER_ENCODING" in environ else _read(environ)
        environ.pop("HTTP_TRANSFER_ENCODING", None)
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        with self.lock:
            return list(self.application(environ, start_response))


def _read(environ):
    return environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
