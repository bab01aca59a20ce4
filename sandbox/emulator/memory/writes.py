"""Which requests change what moto remembers; only those are journalled."""

import re
from urllib.parse import parse_qs

READS = re.compile(
    "Describe|List|Get|BatchGet|TransactGet|Query|Scan|Filter|Lookup|Head|Search|Select|Test|Validate|Sign|Verify"
    "|Encrypt|Decrypt|ReEncrypt|GenerateDataKey|GenerateRandom|GenerateMac|Simulate|Estimate|Preview"
)
# What is over when it has happened; doing it again at a start would be wrong.
MOMENTS = {"StartBuild", "StopBuild", "StartBuildBatch", "RetryBuild", "PutEvents", "StartQuery"}
CBOR = re.compile(r"^/service/[^/]+/operation/(\w+)$")
INVOCATION = re.compile(r"/functions/[^/]+/(invocations|invoke-async)")


def is_write(environ: dict, body: bytes) -> bool:
    if environ["REQUEST_METHOD"] in ("GET", "HEAD", "OPTIONS"):
        return False
    operation = _operation(environ, body)
    if operation is None:
        return not INVOCATION.search(environ["PATH_INFO"])
    if b"alias/aws/" in body:
        # KMS makes the AWS-managed keys when somebody first looks at them.
        return True
    return operation not in MOMENTS and not READS.match(operation)


def _operation(environ: dict, body: bytes) -> str | None:
    """None where method and path say it all (REST protocols)."""
    if target := environ.get("HTTP_X_AMZ_TARGET"):
        return target.rpartition(".")[2]
    if cbor := CBOR.match(environ["PATH_INFO"]):
        return cbor[1]
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return parse_qs(body.decode("utf-8", "replace")).get("Action", [None])[0]
    return None
