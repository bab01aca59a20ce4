"""SQS: redrive policies without spaces, as AWS gives them back."""

import json

from moto.sqs.models import Queue

from patching import requires

requires(Queue, "attributes")
_attributes = Queue.attributes


def attributes(self):
    found = dict(_attributes.fget(self))
    if found.get("RedrivePolicy"):
        found["RedrivePolicy"] = json.dumps(json.loads(found["RedrivePolicy"]), separators=(",", ":"))
    return found


Queue.attributes = property(attributes)
