"""Application Auto Scaling: tags of scalable targets."""

import json

from moto.applicationautoscaling.responses import ApplicationAutoScalingResponse

from patching import adds, replaces, requires

requires(ApplicationAutoScalingResponse, "applicationautoscaling_backend")


def _tags(response, arn):
    """Kept in the backend, so that a snapshot has them."""
    return vars(response.applicationautoscaling_backend).setdefault("gantry_tags", {}).setdefault(arn, {})


@replaces(ApplicationAutoScalingResponse, "register_scalable_target")
def register_scalable_target(original, self):
    answer = original(self)
    _tags(self, json.loads(answer)["ScalableTargetARN"]).update(self._get_param("Tags") or {})
    return answer


@adds(ApplicationAutoScalingResponse, "list_tags_for_resource")
def list_tags_for_resource(self):
    return json.dumps({"Tags": _tags(self, self._get_param("ResourceARN"))})


@adds(ApplicationAutoScalingResponse, "tag_resource")
def tag_resource(self):
    _tags(self, self._get_param("ResourceARN")).update(self._get_param("Tags") or {})
    return "{}"


@adds(ApplicationAutoScalingResponse, "untag_resource")
def untag_resource(self):
    tags = _tags(self, self._get_param("ResourceARN"))
    for key in self._get_param("TagKeys") or []:
        tags.pop(key, None)
    return "{}"
