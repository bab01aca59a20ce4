"""The entrance of the AWS emulator: moto with our add-ons, on one port of 127.0.0.1.

Says `{"port": …, "replayed": …}` on standard output when it listens; why it could not, in the last line of standard error.
"""

import argparse
import json
import sys

import addons  # noqa: F401 (patches moto)
import patching
from memory.journal import DamagedStore
from parent import die_with
from serving import serve


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--parent", type=int)
    parser.add_argument("--store")
    options = parser.parse_args()
    if options.parent:
        die_with(options.parent)
    patching.self_test()
    serve(options.port, options.store, lambda port, replayed: print(json.dumps({"port": port, "replayed": replayed}), flush=True))


if __name__ == "__main__":
    try:
        main()
    except DamagedStore as error:
        sys.exit(str(error))
    except OSError as error:
        sys.exit(f"{error.filename or 'a file'} cannot be used ({error.strerror}); free the disk or mend the permissions.")
