"""What moto fails at, it fails at again: as a 500, clients would try it for minutes (Terraform 25 times)."""

import json
import traceback


def failing_for_good(moto):
    """The WSGI application, with a 501 that no client tries again where it raises."""

    def application(environ, start_response):
        try:
            return list(moto(environ, start_response))
        except Exception:
            traceback.print_exc()
        call = environ.get("HTTP_X_AMZ_TARGET") or f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}"
        answer = json.dumps({"__type": "EmulatorFailure", "message": f"The emulator fails at {call}; its stderr says how."}).encode()
        start_response("501 NOT IMPLEMENTED", [("Content-Type", "application/json"), ("Content-Length", str(len(answer)))])
        return [answer]

    return application
