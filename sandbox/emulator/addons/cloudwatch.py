"""CloudWatch: composite alarms, and the rpc-v2-cbor protocol that provider 6.4x speaks."""

import io
import json
from datetime import datetime, timezone

import botocore.session
import cbor2
from moto.cloudwatch.models import Alarm
from moto.cloudwatch.responses import CloudWatchResponse
from moto.server import DomainDispatcherApplication

from patching import adds, replaces, requires

PREFIX = "/service/GraniteServiceVersion20100801/operation/"
service_model = botocore.session.get_session().get_service_model("cloudwatch")

requires(CloudWatchResponse, "put_metric_alarm")


@adds(CloudWatchResponse, "put_composite_alarm")
def put_composite_alarm(self):
    return self.put_metric_alarm()


Alarm.alarm_rule = property(lambda self: self.rule)


@replaces(DomainDispatcherApplication, "__call__")
def speak_cbor(original, self, environ, start_response):
    if not environ["PATH_INFO"].startswith(PREFIX):
        return original(self, environ, start_response)
    operation = environ["PATH_INFO"][len(PREFIX) :]
    sent = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    plain = json.dumps(cbor2.loads(sent) if sent else {}, default=lambda time: time.timestamp()).encode()
    status, headers, body = _call(original, self, _as_json_request(environ, operation, plain))
    value = json.loads(body) if body else {}
    if status.startswith("2"):
        value = _shaped(service_model.operation_model(operation).output_shape, value)
    answer = cbor2.dumps(value, datetime_as_timestamp=True)
    kept = [header for header in headers if header[0].lower() == "x-amzn-requestid"]
    start_response(
        status,
        [("smithy-protocol", "rpc-v2-cbor"), ("Content-Type", "application/cbor"), ("Content-Length", str(len(answer))), *kept],
    )
    return [answer]


def _as_json_request(environ, operation, body):
    return {
        **environ,
        "PATH_INFO": "/",
        "RAW_URI": "/",
        "REQUEST_URI": "/",
        "wsgi.input": io.BytesIO(body),
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "application/x-amz-json-1.0",
        "HTTP_X_AMZ_TARGET": f"GraniteServiceVersion20100801.{operation}",
    }


def _call(application, self, environ):
    seen = {}
    body = b"".join(application(self, environ, lambda status, headers, _=None: seen.update(status=status, headers=headers)))
    return seen["status"], seen["headers"], body


def _shaped(shape, value):
    """JSON value to CBOR value: numbers that are times become datetimes (tag 1)."""
    if value is None or shape is None:
        return value
    if shape.type_name == "timestamp":
        return datetime.fromtimestamp(value, timezone.utc) if isinstance(value, (int, float)) else datetime.fromisoformat(value)
    if shape.type_name == "structure":
        return {key: _shaped(shape.members.get(key), item) for key, item in value.items() if item is not None}
    if shape.type_name == "list":
        return [_shaped(shape.member, item) for item in value]
    return float(value) if shape.type_name in ("double", "float") else value
