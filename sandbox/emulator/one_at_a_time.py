"""moto has no locks: one request at a time, read and answered whole."""

import io
import threading


class OneAtATime:
    """`application` gets the request's body beside what WSGI says."""

    def __init__(self, application):
        self.application = application
        self.lock = threading.RLock()

    def __call__(self, environ, start_response):
        # werkzeug has taken chunks apart and ends their input by itself.
        is_chunked = environ.pop("HTTP_TRANSFER_ENCODING", None) is not None
        body = environ["wsgi.input"].read(*([] if is_chunked else [int(environ.get("CONTENT_LENGTH") or 0)]))
        environ["wsgi.input"], environ["CONTENT_LENGTH"] = io.BytesIO(body), str(len(body))
        with self.lock:
            return self.application(environ, start_response, body)
